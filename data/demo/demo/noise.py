"""Smooth noise that depends on nothing but the place: the same value at the same coordinates, always."""

import numpy as np


def _lattice(i, j, seed):
    """Pseudo-random values in [-1, 1] at integer lattice points (an integer hash, vectorised)."""
    with np.errstate(over="ignore"):
        h = i.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        h ^= j.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
        h += np.uint64((seed * 0x165667B19E3779F9) & 0xFFFFFFFFFFFFFFFF)
        h ^= h >> np.uint64(29)
        h *= np.uint64(0xBF58476D1CE4E5B9)
        h ^= h >> np.uint64(32)
        h *= np.uint64(0x94D049BB133111EB)
        h ^= h >> np.uint64(29)
    return (h >> np.uint64(11)).astype(np.float64) / 2.0**52 - 1.0


def noise(x, y, scale: float, seed: int = 0):
    """One octave of value noise in [-1, 1].

    x, y: arrays of metres of the same shape; scale: distance between independent values, metres.
    """
    u, v = np.asarray(x, float) / scale, np.asarray(y, float) / scale
    i, j = np.floor(u), np.floor(v)
    u, v = u - i, v - j
    i, j = i.astype(np.int64), j.astype(np.int64)
    u, v = u * u * u * (u * (6 * u - 15) + 10), v * v * v * (v * (6 * v - 15) + 10)
    low = _lattice(i, j, seed) * (1 - u) + _lattice(i + 1, j, seed) * u
    high = _lattice(i, j + 1, seed) * (1 - u) + _lattice(i + 1, j + 1, seed) * u
    return low * (1 - v) + high * v


def fractal(x, y, scale: float, octaves: int = 4, seed: int = 0):
    """Sum of octaves, each half as large and half as wide as the one before; about [-1, 1]."""
    total, weight = 0.0, 0.0
    for octave in range(octaves):
        total = total + noise(x, y, scale / 2**octave, seed + 101 * octave) / 2**octave
        weight += 1 / 2**octave
    return total / weight


def warp(points, amplitude: float, scale: float, seed: int = 0):
    """Move points (n, 2) in metres by at most `amplitude`.

    With scale well above amplitude no line crosses itself or another: shared edges stay shared.
    """
    x, y = points[:, 0], points[:, 1]
    dx = fractal(x, y, scale, 3, seed)
    dy = fractal(x, y, scale, 3, seed + 7919)
    return points + amplitude * np.column_stack([dx, dy])

"""Colours of roofs and yards, and blocks of towns where a pixel holds several houses."""

import numpy as np

from .sheet import chance, cloud

ROOFS = np.array(  # weight, colour, contrast of its sheets or tiles
    [
        (15, 156, 96, 74, 0.05),
        (9, 134, 84, 70, 0.05),
        (6, 176, 120, 94, 0.05),
        (19, 156, 155, 150, 0.06),
        (14, 194, 195, 196, 0.06),
        (6, 98, 126, 160, 0.06),
        (2, 68, 96, 136, 0.06),
        (5, 106, 136, 118, 0.06),
        (4, 130, 72, 64, 0.06),
        (13, 190, 184, 172, 0.02),
        (5, 216, 212, 204, 0.02),
    ],
    np.float32,
)
YARDS = np.array([(186, 178, 164), (172, 150, 122), (150, 142, 104), (122, 122, 80)], np.float32)


def roof_colours(draw):
    weights = np.cumsum(ROOFS[:, 0]) / ROOFS[:, 0].sum()
    return ROOFS[np.minimum(np.searchsorted(weights, draw), len(ROOFS) - 1), 1:4]


def paint_blocks_from_afar(canvas, mask, block):
    """A pixel of 10 m holds some roofs, their shadows, trees and a piece of street; those of a block are of one time and kind,
    and quarters are old and dense or new and green."""
    sheet = canvas.sheet
    place = np.rint(sheet.x[mask % sheet.columns]), np.rint(sheet.y[mask // sheet.columns])
    row = np.floor(place[0] / 20), np.floor(place[1] / 20)
    draws = (0.22, chance(block, seed=101)), (0.42, chance(*row, seed=86)), (0.36, chance(*place, seed=87))
    roofs = sum(np.float32(share) * roof_colours(draw) for share, draw in draws)
    quarter = (
        sheet.texture(cloud(1.5, 24), 240.0).ravel()[mask] + 0.5 * sheet.texture(cloud(1.5, 23), 60.0).ravel()[mask]
    )
    yard = YARDS[np.clip(chance(block, seed=102) * 1.6 + quarter, 0, 3).astype(int)]
    tone = 0.86 + 0.14 * chance(block, seed=103) + 0.06 * canvas.grain[1].ravel()[mask]
    canvas.colour.reshape(-1, 3)[mask] = (0.66 * roofs + 0.34 * yard) * tone[:, None]
    green = 0.2 + 0.34 * chance(block, seed=104) ** 2 + 0.16 * quarter + 0.12 * canvas.grain[1].ravel()[mask]
    canvas.trees.ravel()[mask] = np.clip(green, 0.06, 0.9)
    canvas.leaf.reshape(-1, 3)[mask] = (64, 86, 44)

"""How numbers and dates are written; Django's own `vi` prints 1234567,89 and reads 05/12/2026 as 12 May."""

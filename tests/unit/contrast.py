"""How well a colour is read on JupyterLab's grounds."""

from __future__ import annotations

WHITE, DARK = (255, 255, 255), (17, 17, 17)


def contrast(colour: str, ground: tuple[int, int, int]) -> float:
    """As WCAG 2.2 defines it, from 1 to 21."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (0, 2, 4))
    high, low = sorted((luminance((red, green, blue)), luminance(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: tuple[int, int, int]) -> float:
    parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

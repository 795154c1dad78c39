"""The experiments that open by name."""

from core.presets.table import DEFAULT_PRESET, PRESETS, find_preset, open_preset

__all__ = ["DEFAULT_PRESET", "PRESETS", "find_preset", "open_preset"]

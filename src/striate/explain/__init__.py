"""What a net looks at."""

from .receptive_field import EffectiveField, effective_field

__all__ = ["EffectiveField", "effective_field"]

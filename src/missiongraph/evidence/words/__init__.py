"""Words and figures: tokens, numbers, amounts and dates; denials, hedges, opposites."""

"""Words, numbers, amounts of money and dates as tokens; denials, hedges and opposites."""

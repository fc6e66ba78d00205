"""The rows of queries: views of them, the evidence behind them, lists, and what the query editor works with."""

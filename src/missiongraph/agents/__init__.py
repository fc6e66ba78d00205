"""What chat assistants and other agents ask: small answers with IRIs and citations, and the MCP server that gives them."""

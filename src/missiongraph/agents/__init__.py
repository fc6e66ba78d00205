"""Small answers with IRIs and citations for chat assistants and other agents, and the MCP server that gives them."""

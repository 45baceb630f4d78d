"""The door for programs: the same verbs over REST and MCP, for who brings a key of the person's."""

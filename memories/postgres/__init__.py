"""What PostgreSQL does for isolation beyond what every database does: row policies, keys with the owner, roles."""

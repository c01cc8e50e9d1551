"""Real mail servers for tests: dovecot from Debian, aiosmtpd in a thread. On 127.0.0.1 only."""

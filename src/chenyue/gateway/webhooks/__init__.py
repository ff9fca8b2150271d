"""Webhooks: other systems are told what happens, by the Standard Webhooks specification (standardwebhooks.com)."""

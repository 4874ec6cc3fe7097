"""What the interfaces for programs share: problems (RFC 9457), parsing, conditions, pages, throttles, description."""

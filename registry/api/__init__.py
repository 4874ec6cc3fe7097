"""The API of staff: systems read, declared, changed and published by a person or through their token."""

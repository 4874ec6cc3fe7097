"""Who calls the API, and through which doors of it they may go."""

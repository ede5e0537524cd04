"""What evidence alone says under each heading. A field that nothing proves stays empty: UNKNOWN."""

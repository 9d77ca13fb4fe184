"""Files to tables: names become indices here."""

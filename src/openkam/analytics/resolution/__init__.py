"""From the records of many business units to one account each."""

"""Reading what is posted, in processes of their own: a large body does not hold up the others."""

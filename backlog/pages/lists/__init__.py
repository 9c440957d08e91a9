"""Lists of our own: one declaration a noun (`listing.Listing`), one page for all of them."""

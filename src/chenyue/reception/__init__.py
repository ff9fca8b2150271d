"""Reception: venues, sittings, the roster, the queue, visits, the calling screen."""

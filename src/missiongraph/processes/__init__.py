"""Work in processes of its own.

Beside other work (`background`), or within bounds that the kernel keeps (`bounded`); `garbage_collection` is paused
where its searches find nothing; `quiet_libraries` lets no library write to a user's terminal.
"""

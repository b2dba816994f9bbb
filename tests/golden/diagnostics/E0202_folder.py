from symc.diagnostics import write_atomically

write_atomically("no/such/folder/out.pt2", lambda path: None)

-- What luacheck knows of the sandbox: exactly the names rules can reach. Written by
-- `kabinet rules api --stub`; a test holds the two in step.
stds.rules = {
    read_globals = {
        "allow", "as_day", "as_money", "as_price", "as_qty", "assert", "confirm", "day", "deny", "error", "ipairs",
        "money", "pairs", "qty", "reject", "review", "select", "tonumber", "tostring", "type",
        math = {
            fields = {
                "abs", "ceil", "floor", "fmod", "huge", "max", "maxinteger", "min", "mininteger", "tointeger",
                "type", "ult",
            },
        },
        string = {
            fields = {
                "byte", "char", "find", "format", "len", "lower", "rep", "reverse", "split", "starts_with", "sub",
                "upper",
            },
        },
        table = {
            fields = {
                "concat", "insert", "remove", "sort", "unpack",
            },
        },
    },
}
std = "rules"
unused_args = false
max_line_length = 120
exclude_files = { "**/kabinet.d.lua" }

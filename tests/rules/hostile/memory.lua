-- Memory: one text, one block, and the whole are limited.

--! R0117
local t = {} while true do t[#t + 1] = {} end

--! R0117
local t = {} for i = 1, 1e9 do t[i] = i end

--! R0117
local s = 'x' while true do s = s .. s end

--! R0117
local t = {} for i = 1, 1e6 do t['k' .. i] = i end

--! R0117
local t = {} for i = 1, 1e6 do t[i] = order.lines end

--! R0115
local t = {} for i = 1, 1e6 do t[i] = review('x') end

--! R0117
local x, t = ('x'):rep(1000), {} for i = 1, 9000 do t[i] = x end table.concat(t)

--! R0117
local function f() return 1 + f() end f()

--! R0117
local function f(...) return f(1, 2, 3, 4, 5, 6, 7, 8, ...) end f()

--! R0115
local t = {} for i = 1, 2000 do t[i] = i end local function f(...) while true do select('#', ...) end end f(table.unpack(t))

--! R0113
table.unpack({}, 1, 1 << 30)

--! R0113
table.unpack({}, math.mininteger, math.maxinteger)

--! R0113
string.char(table.unpack({ 256 }))

--! R0117: One text in one step.
local a = ('x'):rep(7500) local b = a .. a .. a

--! R0117
local s = ('x'):rep(5000) string.format('%s%s%s%s', s, s, s, s)

--! R0117: A chain that doubles.
local s = 'x' for i = 1, 40 do s = s .. s end

--! R0115
local t, s = {}, ('x'):rep(16000) for i = 1, 1e6 do t[i] = s:upper() end

--! confirm: The longest list that one text gives.
local s = (','):rep(15000) assert(#s:split(',') == 15001) return confirm()

--! R0117: Keys that are not in order.
local t = {} for i = 1, 1e9 do t[-i] = i end

--! R0117
local t = {} for i = 1, 1e9 do t[i * 0.5] = i end

--! R0115: One inside the other.
local t = {} for i = 1, 1e9 do t = { t } end

--! R0115: A chain of functions.
local f for i = 1, 1e9 do local g = f f = function() return g end end

--! R0117: What is held is nearly everything, and the rest is asked for again and again.
local t = {} for i = 1, 7760 do t[i] = { nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil } end while true do local x = {} end

--! R0115
local t = {} for i = 1, 7760 do t[i] = { nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil } end while true do local x = as_qty(1) end

--! R0117
local t = {} for i = 1, 1e9 do t[i] = as_qty(i) end

--! R0117: Recursion through every kind of call.
local function f(t) return #t, f({ t }) end f({})

--! R0113: Recursion through C has its own end.
local function f() table.sort({ 2, 1 }, f) end f()

--! R0117
local function f(...) return f(1, ...) end f()

--! R0113: A list with a border far away has no more entries.
local t = {} t[1 << 40] = 1 table.insert(t, 1 << 50, 1)

--! confirm
local t = {} t[1 << 40] = 1 t[math.mininteger] = 2 t[1e300] = 3 return confirm()

--! R0113
table.concat({}, '', 1, 1 << 60)

--! R0113
table.concat({}, '', math.mininteger, math.maxinteger)

--! R0113
table.remove({}, 1 << 60)

--! R0113
local t = {} t[0/0] = 1

--! R0113
local t = {} t[nil] = 1

-- Errors of the rule itself: they end the call, and say what they are.

--! R0113
string.format('%99999d', 1)

--! R0113
string.format('%p', order)

--! R0113
string.format('%s')

--! R0113
string.format('%d', '12.5')

--! R0113
string.format('%q', order)

--! R0113
error({})

--! R0113
error()

--! R0113
error(order)

--! R0113
error(('x'):rep(15000))

--! R0113
error('novus/other.lua:7: not mine', 0)

--! R0113
assert(false)

--! R0113
assert(nil, {})

--! R0113
local x = 1 // 0

--! confirm
local x = math.mininteger // -1 return confirm()

--! R0113
local x = 1 % 0

--! R0113
local x = '10' + 1

--! R0113
local x = {} .. 'x'

--! R0113
local x = order < order.dealer

--! R0113
local x = #order

--! R0113
order()

--! R0113
select(0)

--! R0113
ipairs()

--! R0113
for _ in ipairs(order) do end

--! R0113
for _ in pairs(order) do end

--! R0113
for _ in pairs({ [{}] = 1 }) do end

--! R0113
local f = pairs(order.lines) f(order, 1)

--! R0113
local f = pairs(order.lines) f()

--! confirm
local f = pairs({ 1, 2 }) f() f() f() f() return confirm()

--! R0113: An error of any kind ends the call.
error(function() end)

--! R0113
error(review('x'))

--! R0113
assert(false, review('x'))

--! R0113
assert()

--! R0113
error('x', 1 << 40)

--! R0113
error('x', -1)

--! R0113: A message of bytes that are no text.
error('\xff\xfe\0\x1b[2J')

--! R0113
error('acme/confirm.lua:999999999999: x', 0)

--! R0113
error(('я'):rep(7500))

--! R0113
table.sort({ 2, 1 }, function() error({}) end)

--! R0113
table.sort({ 1, 'a' })

--! R0113
table.sort({ 1, 2 }, 5)

--! R0113: Texts are no numbers.
local x = -'2'

--! R0113
local x = '0x10' + 0

--! R0113
local x = '3' | 1

--! R0113
local x = 'a' < 1

--! confirm: Only a numeric loop reads a text as a number: it is Lua's, and the same everywhere.
local n = 0 for i = '1', '2' do n = n + i end assert(n == 3) return confirm()

--! R0113
local x = 1.5 | 1

--! R0113
local x = 1 << {}

--! R0113
string.rep('x', 1e308)

--! R0113
string.rep('x', 0/0)

--! R0113
string.rep()

--! R0113
string.char(-1)

--! R0113
string.char(256)

--! R0113
string.format('%.100f', 1)

--! R0113
string.format('%5000d', 1)

--! R0113
string.format('%')

--! R0113
string.format('%y', 1)

--! R0113
string.format('%d', 1e300)

--! R0113
string.format('%s%s', 1)

--! R0113
string.format('%c', 'x')

--! R0113
string.format('%.3q', 'x')

--! R0113
('x'):split('')

--! R0113
string.find(1)

--! R0113
math.floor({})

--! R0113
math.fmod(1, 0)

--! R0113
tonumber('1', 99)

--! R0113
tonumber()

--! R0113
money('1e9')

--! R0113
money(('9'):rep(15000))

--! R0113
qty('-')

--! R0113
day('2026-02-30')

--! R0113
day('2026-04-17x')

--! R0113
as_day(0/0)

--! R0113
as_money('1')

--! R0113
as_money()

--! confirm: What looks like an error and is none.
assert(1, 'x') assert(string.format('%5.2s|', 'abc') == '   ab|') assert(tostring(-0.0) == '-0.0') return confirm()

--! confirm
assert(string.format('%q', 1/0) == '1e9999' and string.format('%.99f', 1e308):len() == 409) return confirm()

--! confirm
assert(1 .. '' == '1' and 10 // 3 == 3 and -7 // 2 == -4 and -7 % 3 == 2 and 7 // 0.0 == math.huge) return confirm()

--! confirm
assert(math.maxinteger + 1 == math.mininteger and math.ult(1, -1) and math.tointeger('8') == nil or true) return confirm()

--! confirm
assert(('\0a'):len() == 2 and ('a\0b'):find('b') == 3 and ('a\0b'):upper() == 'A\0B') return confirm()

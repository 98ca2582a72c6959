-- Nothing that calls share can be changed.

--! R0112
confirm = nil

--! R0112
_ENV.x = 1

--! R0113
_ENV = {} return confirm()

--! R0113
local _ENV = { } x = 1 return confirm()

--! R0113
string.rep = nil

--! R0113
math.huge = 0

--! R0113
table.insert(string, 1)

--! confirm
table.sort(string) return confirm()

--! R0113
('x').rep = nil

--! R0113
order.total = 1

--! R0113
order.lines[1] = nil

--! R0113
table.insert(order.lines, 1)

--! R0113
table.remove(order.lines)

--! R0113
table.sort(order.lines)

--! R0113
order.dealer.region = nil

--! R0113
local x <close> = {}

--! R0113
local x <close> = order

--! R0113
table.insert(math, 1)

--! R0113
table.remove(string)

--! R0112
table.insert(_ENV, 1)

--! R0112
_ENV[1] = 2

--! R0112
local env = _ENV env.confirm = nil

--! R0112
_ENV[order] = 1

--! confirm: Libraries show no keys to walk.
for _ in pairs(string) do error("a key") end for _ in pairs(_ENV) do error("a key") end return confirm()

--! confirm
table.sort(math) table.sort(_ENV) assert(math.huge > 0) return confirm()

--! R0113
order.lines[1].sku = "X"

--! R0113
order.contract.columns[1] = "X"

--! R0113
table.sort(order.contract.columns)

--! R0113
for _, line in ipairs(order.lines) do line.promised = line.asked end

--! R0113: A verdict has no fields.
local verdict = review("x") verdict.code = "y"

--! R0113
return review("x").code

--! R0113
local shown = as_qty(1) return shown + 1

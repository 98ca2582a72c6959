-- Loops in all their forms: the budget of instructions ends them.

--! R0115
while true do end

--! R0115
::a:: goto a

--! R0115
repeat until false

--! R0115
for i = 1, math.huge do end

--! R0115
for i = 1, math.maxinteger do local x = i end

--! R0115
local function f() return f() end return f()

--! R0115
local function a(n) if n > 0 then a(n - 1) a(n - 1) end end a(60)

--! R0115
for i = 1, 1 << 40 do order.lines[1].sku:lower() end

--! R0115: A loop in an iterator.
for _ in function() return 1 end do end

--! R0115: Coming back by goto from a nested block.
do ::top:: do local x = {} goto top end end

--! R0115: An empty numeric loop, as tight as the machine has one.
for i = math.mininteger, math.maxinteger do end

--! R0115: Floats never reach the end when the step is lost in rounding.
for i = 1e16, 2e16, 1 do end

--! R0113: A step of zero.
for i = 1, 2, 0 do end

--! confirm: Whole numbers do not wrap around at the end.
local n = 0 for i = math.maxinteger - 1, math.maxinteger do n = n + 1 end assert(n == 2) return confirm()

local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end
local function count(...) return select('#', ...) end
local function counter() local n = 0 return function() n = n + 1 return n end end
return { api = 1, confirm = function(order)
    local next_one, x <const> = counter(), math.max(1, 2, 3)
    local a, b = table.unpack({ next_one(), next_one(), x })
    return review('functions', { n = fib(10), c = count(a, b, nil), t = tostring(order), u = type(fib) })
end }

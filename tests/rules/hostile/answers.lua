-- Answers that are none.

--! R0114
return order

--! R0114
return {}

--! R0114
return { confirm(), review('x') }

--! R0114
return { review('x'), nil, review('y') }

--! R0114
return { review('x'), x = review('y') }

--! R0114
return { review('1'), review('2'), review('3'), review('4'), review('5'), review('6'), review('7'), review('8'), review('9') }

--! R0114
return allow()

--! R0114
return as_qty(1)

--! R0114
return confirm

--! R0114
return

--! R0114
return confirm(), confirm()

--! R0114
local t = {} t[1] = t return t

--! R0113
local t = {} return review('x', { a = t })

--! R0113
return review('x', { 1, 2 })

--! R0113
return review('x', order)

--! R0113
return review('')

--! R0113
return review('Плохо')

--! R0113
return review(('x'):rep(48))

--! R0113
return review('x', { a = 1, b = 1, c = 1, d = 1, e = 1, f = 1, g = 1, h = 1, i = 1, j = 1, k = 1 })

--! R0113
return review('x', { a = 1.5 })

--! R0113
return review('x', { a = ('я'):sub(1, 1) })

--! R0113
return review('x', { a = as_qty(1.5) })

--! R0113
return confirm(1)

--! R0114
return math.huge

--! R0114
return 'confirm'

--! R0114
return true

--! R0114
return order.lines

--! R0114
return function() return confirm() end

--! R0114
return deny('x')

--! R0114
return { { review('x') } }

--! R0114
return { [0] = review('x') }

--! R0114
return { [1.5] = review('x') }

--! R0114
return { verdict = 'confirm' }

--! R0114
local t = {} for i = 1, 1000 do t[i] = review('x') end return t

--! R0114
return confirm(), false

--! R0113
return review('x', { a = 0/0 })

--! R0113
return review('x', { a = math.huge })

--! R0113
return review('x', { a = 1e15 })

--! R0113
return review('x', { a = {} })

--! R0113
return review('x', { a = function() end })

--! R0113
return review('x', { a = order })

--! R0113
return review('x', { ['a b'] = 1 })

--! R0113
return review('x', { A = 1 })

--! R0113
return review('x', { [('a'):rep(40)] = 1 })

--! R0113
return review('x', { a = 'x\0y' })

--! R0113
return review('x', { a = '\xff' })

--! R0113
return review('x', { hold = 'no' })

--! R0113
return review('x', 'y')

--! R0113
return review('x', {}, 1)

--! R0113
return review(1)

--! R0113
return review({})

--! R0113
return review('../etc')

--! R0113
return reject(nil)

--! review: The largest and smallest numbers stay what they are.
return review('x', { a = math.maxinteger, b = as_money(math.mininteger), c = as_day(math.maxinteger) })

--! review: A text too long for its place is cut, not refused.
return review('x', { a = ('я'):rep(3000), b = ('x'):rep(3000) })

--! review
return { review('x'), review('x') }

-- Work that the count of instructions does not see: each function charges for what it does.

--! confirm
string.find(('a'):rep(40), ('a*'):rep(20) .. 'b') return confirm()

--! R0115
local s = ('a'):rep(15000) while true do s:find('b') end

--! R0115
local s = ('a'):rep(15000) local p = ('a'):rep(7500) .. 'b' while true do s:find(p) end

--! R0115
local s = ('a,'):rep(4000) while true do s:split(',') end

--! R0115
local s = ('a'):rep(15000) while true do s:starts_with(s) end

--! confirm
string.rep('', 1 << 60) return confirm()

--! confirm
string.rep('', 1 << 60, '') return confirm()

--! confirm
string.rep('x', -1) return confirm()

--! R0113
string.rep('x', 1 << 30)

--! R0113
string.rep('', 1 << 60, 'x')

--! R0113
string.rep('x', math.maxinteger, 'xxxxxxxx')

--! R0115
while true do string.rep('x', 15000) end

--! R0115
local s = ('x'):rep(15000) while true do s:upper() end

--! R0115
local s = ('x'):rep(15000) while true do s:byte(1, 5000) end

--! R0115
local s = ('1'):rep(15000) while true do tonumber(s) end

--! R0115
local s = ('x'):rep(7500) while true do local x = s .. s end

--! R0115
local t = {} for i = 1, 9000 do t[i] = '' end while true do table.concat(t) end

--! R0115
local t = {} for i = 1, 9000 do t[i] = i end while true do table.insert(t, 1, 0) table.remove(t, 1) end

--! R0115
local t = {} for i = 1, 9000 do t[i] = i end while true do table.sort(t) end

--! R0115
local t = {} for i = 1, 9000 do t[i] = i end while true do for _ in pairs(t) do break end end

--! R0115
local t = {} for i = 1, 5000 do t[i] = i end while true do math.max(table.unpack(t)) end

--! R0115
local t = {} for i = 1, 5000 do t[i] = i end while true do select(-1, table.unpack(t)) end

--! R0115
table.sort({ 3, 1, 2 }, function() while true do end end)

--! confirm
table.sort({ 3, 1, 2, 5, 4 }, function() return true end) return confirm()

--! confirm
local t = { 3, 1, 2 } table.sort(t, function() t[2] = nil return true end) return confirm()

--! confirm
local t = { 3, 1, 2 } table.sort(t, function(a, b) for i = 1, 9 do t[#t + 1] = i end return a < b end) return confirm()

--! R0113
table.sort({ {}, {} })

--! R0113
table.sort({ order, order.dealer })

--! R0115: Texts that are long and equal are compared to their ends.
local a, b = ('x'):rep(15000), ('x'):rep(14999) .. 'x' while true do local same = a == b end

--! R0115: Texts that are long and nearly equal are ordered at their ends.
local a, b = ('x'):rep(14999) .. 'a', ('x'):rep(14999) .. 'b' while true do local before = a < b end

--! R0115: Long keys are compared too.
local a, b, t = ('x'):rep(15000), ('x'):rep(14999) .. 'x', {} t[a] = 1 while true do local v = t[b] end

--! R0115: Sorting long texts.
local t = {} for i = 1, 100 do t[i] = ('x'):rep(12000) .. i end while true do table.sort(t) end

--! R0115: pairs sorts keys, however long.
local t = {} for i = 1, 100 do t[('x'):rep(12000) .. i] = i end while true do for _ in pairs(t) do break end end

--! R0115: A text that is a number is read where a number is wanted.
local s = ('1'):rep(15000) while true do math.abs(s) end

--! R0115
local s = '0.' .. ('1'):rep(15000) while true do math.floor(s) end

--! R0115
local s = ('0'):rep(15000) while true do ('x'):sub(s) end

--! R0115
local s = ('0'):rep(15000) while true do ('x'):rep(s) end

--! R0115
local s, t = ('0'):rep(15000) .. '1', { 1, 2 } while true do table.unpack(t, s) end

--! R0115
local s, t = ('0'):rep(15000) .. '1', { 'a' } while true do table.concat(t, '', s) end

--! R0115
local s, t = ('0'):rep(15000) .. '1', {} while true do table.insert(t, s, 1) table.remove(t) end

--! R0115
local s = ('0'):rep(15000) .. '1' while true do select(s, 1) end

--! R0115
local s = ('0'):rep(15000) .. '1' while true do tonumber(s, 16) end

--! R0115
local s = ('0'):rep(15000) while true do string.format('%d', s) end

--! R0115: A text is measured even where little of it is shown.
local s = ('x'):rep(15000) while true do string.format('%.3s', s) end

--! R0115: The longest number there is to write.
while true do string.format('%.99f', 1e308) end

--! R0115
while true do string.format('%.99f%.99f%.99f%.99f', 1e308, 1e308, 1e308, 1e308) end

--! R0115: Money, quantities and days are read from texts.
local s = ('0'):rep(15000) while true do money(s) end

--! R0115
local s = ('0'):rep(15000) while true do qty(s) end

--! R0115: Params are checked to their ends, and cut.
local s = ('я'):rep(7500) while true do review('x', { a = s }) end

--! R0115: Verdicts are large.
while true do review('x') end

--! R0115
local p = { a = 1, b = 1, c = 1, d = 1, e = 1, f = 1, g = 1, h = 1, i = 1, j = 1 } while true do review('x', p) end

--! R0115
while true do as_money(1) end

--! R0115: Views are made anew at each look.
while true do local x = order.contract.conditions end

--! R0115
while true do for _ in ipairs(order.lines) do end end

--! R0115
while true do for _ in pairs(order.lines) do end end

--! R0115: Tables and closures.
while true do local t = { {}, {}, {}, {}, {}, {}, {}, {} } end

--! R0115
while true do local f = function() return f end end

--! R0115: One instruction that clears a long row of locals again and again.
while true do local l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10, l11, l12, l13, l14, l15, l16, l17, l18, l19, l20, l21, l22, l23, l24, l25, l26, l27, l28, l29, l30, l31, l32, l33, l34, l35, l36, l37, l38, l39, l40, l41, l42, l43, l44, l45, l46, l47, l48, l49, l50, l51, l52, l53, l54, l55, l56, l57, l58, l59, l60, l61, l62, l63, l64, l65, l66, l67, l68, l69, l70, l71, l72, l73, l74, l75, l76, l77, l78, l79, l80, l81, l82, l83, l84, l85, l86, l87, l88, l89, l90, l91, l92, l93, l94, l95, l96, l97, l98, l99, l100, l101, l102, l103, l104, l105, l106, l107, l108, l109, l110, l111, l112, l113, l114, l115, l116, l117, l118, l119, l120, l121, l122, l123, l124, l125, l126, l127, l128, l129, l130, l131, l132, l133, l134, l135, l136, l137, l138, l139, l140, l141, l142, l143, l144, l145, l146, l147, l148, l149, l150, l151, l152, l153, l154, l155, l156, l157, l158, l159, l160, l161, l162, l163, l164, l165, l166, l167, l168, l169, l170, l171, l172, l173, l174, l175, l176, l177, l178, l179 end

--! R0115
local t = {} for i = 1, 4000 do t[i] = i end while true do local x = { table.unpack(t) } end

--! R0115
local t = {} for i = 1, 4000 do t[i] = i end while true do string.char(table.unpack({ 65, 66 })) table.concat(t) end

--! R0115
local function f(...) return select('#', ...) end local t = {} for i = 1, 4000 do t[i] = i end while true do f(table.unpack(t)) end

--! R0115: A list with a hole is looked through for its end.
local t = {} for i = 1, 8000 do t[i] = i end for i = 4000, 7999 do t[i] = nil end while true do local n = #t end

--! confirm: Sums of what is not a number keep the order as it was.
table.sort({ 0/0, 1, 0/0, 2, -0/0 }) return confirm()

--! R0116: A row of thousands of values is handed on by one instruction: only the clock sees it.
local t = {} for i = 1, 4000 do t[i] = i end
local function f(...) while true do local x = { ... } end end
f(table.unpack(t))

--! R0116
local t = {} for i = 1, 4000 do t[i] = i end
local function g() end
local function f(...) while true do g(...) end end
f(table.unpack(t))

--! R0115: A table of a hundred places in four instructions.
while true do local t = { nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil } end

--! R0116: A numeric loop reads its limits, however long they are.
local s = ('0'):rep(15000) .. '1' while true do for i = s, s do break end end

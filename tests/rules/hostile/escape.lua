-- What would outlive an error, or lead out of the sandbox, is not there.

--! R0112
while true do pcall(function() while true do end end) end

--! R0112
xpcall(function() error('x') end, function() while true do end end)

--! R0112
coroutine.wrap(function() while true do end end)()

--! R0112
setmetatable({}, { __gc = function() while true do end end })

--! R0112
getmetatable('').__index = nil

--! R0112
load('while true do end')()

--! R0112
loadstring('x')

--! R0112
dofile('/etc/passwd')

--! R0112
require 'os'

--! R0112
package.loadlib('libc.so.6', 'system')

--! R0112
os.execute('true')

--! R0112
io.open('/etc/passwd')

--! R0112
debug.getregistry()

--! R0112
collectgarbage('stop')

--! R0112
rawset(string, 'rep', nil)

--! R0112
next({})

--! R0112
_G.x = 1

--! R0112
print('x')

--! R0112
utf8.char(1)

--! R0112
cjson.encode({})

--! R0113
math.random()

--! R0113
string.dump(function() end)

--! R0113
('x'):gsub('.*', function() while true do end end)

--! R0113
string.match(('a'):rep(100), ('a-'):rep(40) .. 'b')

--! R0113
for w in string.gmatch('x', '.') do end

--! R0113
string.pack('i16', 1)

--! R0113
table.move({}, 1, 1 << 60, 2)

--! R0113
table.pack(1)

--! R0113: The methods of texts hold no way to their own table.
('x').__index.rep = nil

--! R0112
warn("@on")

--! R0112
rawequal(1, 1)

--! R0112
rawlen({})

--! R0112
rawget(string, "rep")

--! R0112
_VERSION = 1

--! R0112
local x = _VERSION

--! R0112
arg[0] = 1

--! R0112
loadfile("/etc/passwd")

--! R0113
math.randomseed(1)

--! R0113
('x'):unpack('i4')

--! R0113
string.packsize('i4')

--! confirm: A key called like a metamethod is a key.
local t = { __index = string, __gc = error, __close = error, __mode = 'k' } assert(t.rep == nil) return confirm()

--! confirm: A rule's own table cannot be called, compared or added by such keys.
local t = { __call = confirm, __eq = confirm } assert(t ~= {}) return confirm()

--! R0113
local t = { __call = confirm } return t()

-- For wrk: each request has an address of its own. The parameter means nothing to the site.
local asked = 0
local start = tostring(os.time())

function request()
  asked = asked + 1
  local sign = string.find(wrk.path, "?", 1, true) and "&" or "?"
  return wrk.format(nil, wrk.path .. sign .. "utm_source=" .. start .. "-" .. asked)
end

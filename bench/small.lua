-- Requests from a file of paths, one a line; the sign @ in a path becomes a number that no other request has.
-- Arguments: the file, the first number. The summary is one line of JSON.
local paths, number, step, place = {}, 0, 1, 0
local threads = 0

function setup(thread)
  thread:set("offset", threads)
  threads = threads + 1
end

function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
  number = tonumber(args[2]) + offset * 10000000
  place = offset * 97
end

function request()
  number = number + 1
  place = place + 1
  return wrk.format("GET", (paths[place % #paths + 1]:gsub("@", tostring(number), 1)))
end

function done(summary, latency, requests)
  io.write(string.format('{"requests":%d,"seconds":%.6f,"failed":%d,"p50":%.6f,"p99":%.6f}\n',
    summary.requests, summary.duration / 1e6,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1e6, latency:percentile(99) / 1e6))
end

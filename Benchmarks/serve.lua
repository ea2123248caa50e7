-- wrk: asks for the paths of a file in turn.  wrk -s serve.lua ADDRESS -- METHOD FILE
-- HEAD works for empty files only: wrk waits for the body that Content-Length names.
local requests, turn = {}, 0

function init(arguments)
    for path in io.lines(arguments[2]) do
        requests[#requests + 1] = wrk.format(arguments[1], path)
    end
end

function request()
    turn = turn % #requests + 1
    return requests[turn]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(99)))
end

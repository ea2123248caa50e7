/// Does work on many things, so many at once, and hands each result over as it comes, in any order.
///
/// - Parameters:
///   - next: gives the next thing, or nil after the last one; it is asked when there is room.
///   - work: what is done with each, side by side.
///   - take: is given each result, one after the other, where the caller is.
/// - Throws: what any of the three throws; what is under way is then cancelled.
func runBounded<Input: Sendable, Output: Sendable>(
    atOnce width: Int, next: () throws -> Input?, work: @escaping @Sendable (Input) async throws -> Output,
    take: (Output) throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Output.self) { group in
        var running = 0
        var isExhausted = false
        while true {
            while running < width, !isExhausted {
                guard let input = try next() else {
                    isExhausted = true
                    break
                }
                running += 1
                group.addTask { try await work(input) }
            }
            guard let output = try await group.next() else { return }
            running -= 1
            try take(output)
        }
    }
}

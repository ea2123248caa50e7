/// Runs three stages over a row of values: `next` gives them one at a time, `prepare` works on as many at once as there are workers,
/// `apply` takes what was prepared in the order in which it was given.
///
/// At most `width` values are between `next` and `apply`, so memory is bounded. When `next` or `prepare` fails, what came
/// before is still applied, then the error is thrown. `apply` may block: the other stages go on meanwhile.
public func runOrderedStages<Value: Sendable, Prepared: Sendable>(
    width: Int, workers: Int = 2, next: @escaping @Sendable () async throws -> Value?,
    prepare: @escaping @Sendable (Value) throws -> Prepared, apply: (Prepared) throws -> Void
) async throws {
    let window = StageWindow<Value, Prepared>(width: width, next: next)
    try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<workers {
            group.addTask {
                while let (number, value) = await window.take() {
                    // Memory is given back beside the applying thread, which has the most to do.
                    withExtendedLifetime(await window.takeSpent()) {}
                    await window.put(number, Result { try prepare(value) })
                }
            }
        }
        do {
            while let prepared = try await window.nextPrepared() {
                try Task.checkCancellation()
                try apply(prepared)
                await window.noteApplied(prepared)
            }
        } catch {
            await window.stop()
            throw error
        }
    }
}

/// The values between the first and the last stage.
private actor StageWindow<Value: Sendable, Prepared: Sendable> {
    private let width: Int
    private let next: @Sendable () async throws -> Value?
    private var given = 0
    private var applied = 0
    private var isFetching = false
    private var isExhausted = false
    private var failure: (any Error)?
    private var prepared: [Int: Result<Prepared, any Error>] = [:]
    private var spent: [Prepared] = []
    private var sleepers: [CheckedContinuation<Void, Never>] = []

    init(width: Int, next: @escaping @Sendable () async throws -> Value?) {
        self.width = width
        self.next = next
    }

    /// The next value and its number, as soon as there is room; nil when there are no more.
    func take() async -> (Int, Value)? {
        while isFetching || given - applied >= width {
            if isExhausted { return nil }
            await sleep()
        }
        if isExhausted { return nil }
        isFetching = true
        defer {
            isFetching = false
            wakeAll()
        }
        do {
            guard let value = try await next() else {
                isExhausted = true
                return nil
            }
            defer { given += 1 }
            return (given, value)
        } catch {
            isExhausted = true
            failure = error
            return nil
        }
    }

    /// What was applied since the last call, to be let go of.
    func takeSpent() -> [Prepared] {
        defer { spent = [] }
        return spent
    }

    func put(_ number: Int, _ result: Result<Prepared, any Error>) {
        prepared[number] = result
        wakeAll()
    }

    /// What was prepared of the next value in order; nil after the last one.
    func nextPrepared() async throws -> Prepared? {
        while true {
            if let result = prepared.removeValue(forKey: applied) { return try result.get() }
            if isExhausted, !isFetching, applied == given {
                if let failure { throw failure }
                return nil
            }
            await sleep()
        }
    }

    func noteApplied(_ prepared: Prepared) {
        applied += 1
        spent.append(prepared)
        wakeAll()
    }

    func stop() {
        isExhausted = true
        wakeAll()
    }

    private func sleep() async {
        await withCheckedContinuation { sleepers.append($0) }
    }

    private func wakeAll() {
        for sleeper in sleepers { sleeper.resume() }
        sleepers.removeAll()
    }
}

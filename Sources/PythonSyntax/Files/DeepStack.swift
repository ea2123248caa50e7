import Foundation

/// Runs work on a stack that is deep enough for any tree.
public enum DeepStack {
    private final class Box<Value>: @unchecked Sendable {
        // Written by the thread before it signals, read after the signal was waited for.
        var value: Value?
    }

    /// Does the work on a thread of its own and waits for it. The stack's pages cost nothing until they are used.
    public static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) -> Value {
        let box = Box<Value>()
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            box.value = work()
            done.signal()
        }
        thread.stackSize = 512 << 20
        thread.start()
        done.wait()
        guard let value = box.value else { preconditionFailure("the thread ends only when the work is done") }
        return value
    }
}

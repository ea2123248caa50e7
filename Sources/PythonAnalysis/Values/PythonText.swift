import Foundation

/// A text as Python compares texts: by code points, not by what looks equal.
struct PythonText: Hashable, Sendable {
    let string: String

    init(_ string: String) {
        self.string = string
    }

    /// Nil where a lone surrogate is among the code points, which no Swift string holds.
    init?(codePoints: some Sequence<UInt32>) {
        var scalars = String.UnicodeScalarView()
        for point in codePoints {
            guard let scalar = Unicode.Scalar(point) else { return nil }
            scalars.append(scalar)
        }
        string = String(scalars)
    }

    init(_ scalars: some Sequence<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        string = String(view)
    }

    /// The code points, which is what Python counts.
    var scalars: [Unicode.Scalar] { Array(string.unicodeScalars) }

    static func == (left: PythonText, right: PythonText) -> Bool {
        guard left.string.utf8.count == right.string.utf8.count else { return false }
        let isSame = left.string.utf8.withContiguousStorageIfAvailable { mine in
            right.string.utf8.withContiguousStorageIfAvailable { theirs in
                guard let a = mine.baseAddress, let b = theirs.baseAddress else { return true }
                return memcmp(a, b, mine.count) == 0
            }
        }
        return (isSame ?? nil) ?? left.string.utf8.elementsEqual(right.string.utf8)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(string.utf8.count)
        for byte in string.utf8.prefix(64) { hasher.combine(byte) }
    }
}

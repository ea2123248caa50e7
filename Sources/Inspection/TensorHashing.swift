import Crypto
public import ModelFormats

/// SHA-256 of the bytes of tensors, so that equal weights are found under any name, in any file and format that keeps them plainly.
public enum TensorHashing {
    /// The hash of each tensor of a file; nil for one that has no bytes of its own there, or that is a view which steps over some.
    /// - Throws: ``BytesMissing`` over a source that has to fetch them; ``FormatError`` where they cannot be read.
    public static func hashes(of tensors: [TensorEntry], in source: any ByteSource) throws -> [String?] {
        try tensors.map { tensor in
            guard let range = tensor.range, tensor.strides == nil, range.upperBound <= source.size else { return nil }
            var hasher = SHA256()
            var place = range.lowerBound
            while place < range.upperBound {
                let end = min(place + (1 << 20), range.upperBound)
                try source.bytes(place..<end).withUnsafeBytes { hasher.update(bufferPointer: $0) }
                place = end
            }
            let digits = Array("0123456789abcdef".utf8)
            return String(decoding: hasher.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        }
    }
}

/// PyTorch's form before 1.6, told by its first bytes.
package enum TorchLegacy {
    /// Whether a file that begins so has the form's magic number first.
    package static func isBegin(_ head: ArraySlice<UInt8>) -> Bool { TorchLegacyReader.isBegin(head) }
}

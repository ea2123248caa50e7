import CCmarkGFM

/// The extensions of cmark-gfm, which are one for the whole process and must be made known once, not by two threads at a time.
package enum MarkdownExtensions {
    /// Makes them known; further uses do nothing.
    package static let register: Void = cmark_gfm_core_extensions_ensure_registered()
}

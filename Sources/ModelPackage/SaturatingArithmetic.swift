extension FixedWidthInteger {
    /// The sum, or the largest number where it is past that: counts that files and hubs state may be anything.
    public func addingSaturated(_ other: Self) -> Self {
        let (sum, tooLarge) = addingReportingOverflow(other)
        return tooLarge ? .max : sum
    }

    /// The product, or the largest number where it is past that.
    public func multipliedSaturated(by other: Self) -> Self {
        let (product, tooLarge) = multipliedReportingOverflow(by: other)
        return tooLarge ? .max : product
    }
}

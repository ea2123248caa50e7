/// Maps values to places along one side of a chart. Any values will do: none, one, equal ones, the largest and the smallest.
struct ChartScale {
    let domain: ClosedRange<Double>
    /// Where the domain's ends lie; the first may be the larger one, as it is on a vertical axis.
    let start: Double
    let end: Double

    func position(_ value: Double) -> Double {
        let width = domain.upperBound - domain.lowerBound
        guard width > 0, value.isFinite else { return start }
        let share = (min(max(value, domain.lowerBound), domain.upperBound) - domain.lowerBound) / width
        return start + share * (end - start)
    }

    /// From zero (or the smallest value, where that is less) to the first round number above the largest.
    static func fromZero(_ values: [Double], start: Double, end: Double) -> ChartScale {
        let lowest = min(values.min() ?? 0, 0)
        let highest = max(values.max() ?? 0, 0)
        let step = roundStep(highest - lowest)
        return ChartScale(
            domain: (lowest / step).rounded(.down) * step...max((highest / step).rounded(.up) * step, step), start: start,
            end: end)
    }

    /// Just around the values, for what changes little compared with its size.
    static func around(_ values: [Double], start: Double, end: Double) -> ChartScale {
        guard let lowest = values.min(), let highest = values.max() else { return fromZero([], start: start, end: end) }
        let step = roundStep(max(highest - lowest, abs(highest) / 100, 4))
        let low = (lowest / step).rounded(.down) * step
        return ChartScale(domain: low...max((highest / step).rounded(.up) * step, low + step), start: start, end: end)
    }

    /// Round numbers over the domain, both ends among them.
    var ticks: [Double] {
        let step = Self.roundStep(domain.upperBound - domain.lowerBound)
        let count = min(Int(((domain.upperBound - domain.lowerBound) / step).rounded()), 10)
        return (0...max(count, 1)).map { domain.lowerBound + Double($0) * step }
    }

    /// 1, 2 or 5 times a power of ten, at most five of which fill the width.
    private static func roundStep(_ width: Double) -> Double {
        let target = max(width, 1) / 4
        var power = 1.0
        while power * 10 <= target { power *= 10 }
        for factor in [1.0, 2, 5] where factor * power >= target { return factor * power }
        return power * 10
    }
}

extension Double {
    /// The number as SVG takes it, to a tenth.
    var coordinate: String {
        let tenths = Int((self * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths < 0 ? "-" : "")\(abs(tenths / 10)).\(abs(tenths % 10))"
    }
}

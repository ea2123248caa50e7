// swift-tools-version: 6.1
import PackageDescription

let instrumented: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])]

/// A fuzz target over products of Weir.
func fuzzTarget(_ name: String, of products: String...) -> Target {
    .executableTarget(
        name: name, dependencies: ["FuzzDriver"] + products.map { .product(name: $0, package: "weir") },
        swiftSettings: instrumented,
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])])
}

/// Fuzz targets, a package of their own so that the everyday build stays small. Run by `make fuzz READER=json SECONDS=60`.
let package = Package(
    name: "weir-fuzzing",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "weir", path: "..")],
    targets: [
        .target(name: "FuzzDriver"),
        fuzzTarget("FuzzJSON", of: "Documents"),
        fuzzTarget("FuzzYAML", of: "Documents"),
        fuzzTarget("FuzzCard", of: "Documents"),
        fuzzTarget("FuzzRecord", of: "Hubs"),
        fuzzTarget("FuzzPython", of: "PythonSyntax"),
        fuzzTarget("FuzzAnalysis", of: "PythonSyntax", "PythonAnalysis"),
        fuzzTarget("FuzzFormats", of: "ModelFormats"),
        fuzzTarget("FuzzScan", of: "ModelFormats", "Scanning"),
    ]
)

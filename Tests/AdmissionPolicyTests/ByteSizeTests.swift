import Testing

@testable import AdmissionPolicy

@Suite struct ByteSizeTests {
    @Test(
        arguments: [
            ("0", 0), ("1048576", 1_048_576), ("7B", 7), ("500M", 500_000_000), ("20GB", 20_000_000_000),
            ("20 gb", 20_000_000_000),
            ("1.5 GiB", 1_610_612_736), ("1.3GiB", 1_395_864_371), ("2KiB", 2_048), ("2k", 2_000), ("3Mi", 3_145_728),
            ("1TiB", 1 << 40),
            ("1TB", 1_000_000_000_000), ("0.5P", 500_000_000_000_000), ("1.999999999PiB", 2_251_799_812_559_348),
            ("8191PiB", 8191 << 50),
        ] as [(String, Int64)])
    func sizesAreRead(text: String, bytes: Int64) {
        #expect(ByteSize(text)?.bytes == bytes)
    }

    @Test(arguments: [
        "", "GB", "-1", "+1", "1,5GB", "1.GB", ".5GB", "1.5", "1.5B", "1e9", "20 gigs", "20GBs", "20  GB", "20GB ", "0x10", "٣GB",
        "9999999999999999999", "8192PiB", "9999PB", "1_000", "unlimited",
    ])
    func whatIsNoSizeIsRefused(text: String) {
        #expect(ByteSize(text) == nil)
    }
}

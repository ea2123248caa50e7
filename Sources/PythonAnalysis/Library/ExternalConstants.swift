/// Constants of modules that have the same value everywhere.
enum ExternalConstants {
    static func value(_ name: String) -> Atom? {
        switch name {
        case "string.ascii_lowercase": text("abcdefghijklmnopqrstuvwxyz")
        case "string.ascii_uppercase": text("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        case "string.ascii_letters": text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        case "string.digits": text("0123456789")
        case "string.hexdigits": text("0123456789abcdefABCDEF")
        case "string.octdigits": text("01234567")
        case "string.punctuation": text("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
        case "string.whitespace": text(" \t\n\r\u{0b}\u{0c}")
        case "string.printable":
            text(
                "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n\r\u{0b}\u{0c}"
            )
        case "os.sep", "os.path.sep": text("/")
        case "os.linesep": text("\n")
        case "os.pathsep": text(":")
        case "os.curdir": text(".")
        case "os.pardir": text("..")
        case "math.pi": .float(.pi)
        case "math.e": .float(2.718281828459045)
        default: nil
        }
    }

    private static func text(_ string: String) -> Atom { .text(PythonText(string)) }
}

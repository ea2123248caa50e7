import ModelFormats

/// Java's serialised objects: loading them runs methods of the classes that they name.
extension FileScanner {
    mutating func scanJava(_ part: Part) throws {
        let bytes = Array(try part.source.bytes(0..<min(part.source.size, 16 << 20)))
        let text = String(decoding: bytes.map { 0x20...0x7e ~= $0 ? $0 : 0x20 }, as: UTF8.self)
        let gadgets = Self.gadgets.filter { text.contains($0) }
        if gadgets.isEmpty {
            add(
                .foreignSerialisation, nil, "is serialised by Java, whose objects run code of the classes that they name",
                in: part)
        } else {
            add(
                .foreignSerialisation, .high,
                "is serialised by Java, and names classes that attacks are made of: \(gadgets.joined(separator: ", "))", in: part)
        }
        cover(.notUnderstood, part.source.size, "Java serialised objects", in: part)
    }

    private static let gadgets = [
        "org.apache.commons.collections", "InvokerTransformer", "ChainedTransformer", "TemplatesImpl", "java.lang.Runtime",
        "ProcessBuilder", "javax.script", "JdbcRowSetImpl",
        "BadAttributeValueExpException", "AnnotationInvocationHandler", "org.codehaus.groovy.runtime", "MethodClosure",
        "com.mchange.v2.c3p0", "bsh.Interpreter",
        "org.springframework.beans.factory", "java.net.URLClassLoader", "javax.naming", "java.rmi",
    ]
}

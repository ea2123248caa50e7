public import ArgumentParser
import Documents
import Foundation
public import Serving
import Storage

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make and remove the tokens that 'weir serve' lets in.",
        discussion: """
            A token is printed once and kept nowhere: the dataset has its hash (tokens.json). 'read' is for all that is served, 'admin' for
            /metrics too. A running server knows new tokens when it is started again.

            EXAMPLES
              weir token add laptops
              weir token add monitoring --scope admin
              weir token list
              weir token remove laptops
              HF_TOKEN=weir_… HF_ENDPOINT=https://models.example.org hf download google-bert/bert-base-uncased
            """, subcommands: [Add.self, List.self, Remove.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a token and print it.")

        @Argument(help: "What to call it.")
        var name: String

        @Option(help: "What it is good for: read or admin.")
        var scope = TokenBook.Scope.read

        @OptionGroup var global: GlobalOptions

        func run() throws {
            try global.directory.create()
            let file = TokenFile.place(in: global.directory)
            var book = try TokenBook(readingFrom: file)
            let token = try book.add(name, scope)
            try book.write(to: file)
            try Console.data(
                global.json
                    ? "{\"name\":\(JSONText.string(name)),\"scope\":\"\(scope.rawValue)\",\"token\":\"\(token)\"}\n"
                    : "\(token)\n")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tokens by name.")

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let book = try TokenBook(readingFrom: TokenFile.place(in: global.directory))
            if global.json {
                var writer = JSONWriter()
                writer.object { object in
                    object.key("tokens")
                    object.array { list in
                        for entry in book.entries {
                            list.object { item in
                                item.member("name", entry.name)
                                item.member("scope", entry.scope.rawValue)
                            }
                        }
                    }
                }
                try Console.data(writer.bytes + [UInt8(ascii: "\n")])
                return
            }
            var table = TextTable(["token", "scope"])
            for entry in book.entries { table.add([entry.name, entry.scope.rawValue]) }
            try Console.data(table.text(width: Console.width))
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a token.")

        @Argument(help: "Its name.")
        var name: String

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let file = TokenFile.place(in: global.directory)
            var book = try TokenBook(readingFrom: file)
            try book.remove(name)
            try book.write(to: file)
            if global.json { try Console.data("{\"removed\":\(JSONText.string(name))}\n") }
        }
    }
}

extension TokenBook.Scope: ExpressibleByArgument {}

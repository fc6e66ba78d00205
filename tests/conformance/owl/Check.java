// What the OWL API and HermiT say of an ontology: violations of OWL 2 DL, consistency, classes without members.
// Arguments: "profile" or "reason", and a file. Each finding is a line of a kind, a tab and a text.

import java.io.File;
import org.semanticweb.HermiT.Configuration;
import org.semanticweb.HermiT.Reasoner;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLClass;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;

public class Check {
    public static void main(String[] arguments) throws Exception {
        OWLOntology ontology =
                OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(arguments[1]));
        System.out.println("axioms\t" + ontology.getLogicalAxiomCount());
        if (arguments[0].equals("profile")) {
            for (OWLProfileViolation one : new OWL2DLProfile().checkOntology(ontology).getViolations()) {
                System.out.println("violation\t" + one.toString().replace('\n', ' '));
            }
            return;
        }
        Configuration configuration = new Configuration();
        configuration.ignoreUnsupportedDatatypes = true; // dates: values without arithmetic
        Reasoner reasoner = new Reasoner(configuration, ontology);
        System.out.println("consistent\t" + reasoner.isConsistent());
        if (reasoner.isConsistent()) {
            for (OWLClass one : reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()) {
                System.out.println("unsatisfiable\t" + one);
            }
        }
    }
}

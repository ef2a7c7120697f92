<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr_FR" sourcelanguage="en_US">
<context>
    <name>IQTEnhance</name>
    <message>
        <source>IQT Enhance</source>
        <translation>IQT Enhance</translation>
    </message>
    <message>
        <source>Makes low-field brain MRI look like high-field MRI: isotropic voxels and stronger contrast, with the position and units of the scan. For research, not for diagnosis. See the Help section of the panel and the README.</source>
        <translation>Donne à une IRM cérébrale à bas champ l&apos;aspect d&apos;une IRM à haut champ : voxels isotropes et contraste plus fort, avec la position et les unités de l&apos;acquisition. Pour la recherche, pas pour le diagnostic. Voir la section Aide du panneau et le fichier README.</translation>
    </message>
    <message>
        <source>An open implementation of Eldaly AK, Figini M, Alexander DC. Alternative Learning Paradigms for Image Quality Transfer. Machine Learning for Biomedical Imaging 2024:027, doi 10.59275/j.melba.2024-1656.</source>
        <translation>Une implémentation libre de Eldaly AK, Figini M, Alexander DC. Alternative Learning Paradigms for Image Quality Transfer. Machine Learning for Biomedical Imaging 2024:027, doi 10.59275/j.melba.2024-1656.</translation>
    </message>
    <message>
        <source>Before the first run</source>
        <translation>Avant la première utilisation</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>Installer</translation>
    </message>
    <message>
        <source>Install the missing packages into Slicer&apos;s Python. The log below shows the progress.</source>
        <translation>Installer les paquets manquants dans le Python de Slicer. Le journal ci-dessous montre la progression.</translation>
    </message>
    <message>
        <source>From a folder of wheels...</source>
        <translation>Depuis un dossier de wheels...</translation>
    </message>
    <message>
        <source>Install without internet, from files that were downloaded elsewhere.</source>
        <translation>Installer sans internet, à partir de fichiers téléchargés ailleurs.</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>Entrées</translation>
    </message>
    <message>
        <source>Volume:</source>
        <translation>Volume :</translation>
    </message>
    <message>
        <source>Scan to enhance</source>
        <translation>Image à améliorer</translation>
    </message>
    <message>
        <source>The low-field brain MRI to enhance.</source>
        <translation>L&apos;IRM cérébrale à bas champ à améliorer.</translation>
    </message>
    <message>
        <source>Check scan</source>
        <translation>Vérifier l&apos;image</translation>
    </message>
    <message>
        <source>Tell whether the models know scans like this one, before enhancing it: noise, resolution, motion, metal, contrast.</source>
        <translation>Dire si les modèles connaissent ce genre d&apos;image, avant de l&apos;améliorer : bruit, résolution, mouvement, métal, contraste.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Method:</source>
        <translation>Méthode :</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Méthode</translation>
    </message>
    <message>
        <source>The enhancement method; the Help section describes them all.</source>
        <translation>La méthode d&apos;amélioration ; la section Aide les décrit toutes.</translation>
    </message>
    <message>
        <source>Weights:</source>
        <translation>Poids :</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Poids</translation>
    </message>
    <message>
        <source>The trained weights and the scans that they were trained on. Your own models are listed too.</source>
        <translation>Les poids appris et les images qui ont servi à l&apos;entraînement. Vos propres modèles figurent aussi dans la liste.</translation>
    </message>
    <message>
        <source>Back to the recommended model</source>
        <translation>Revenir au modèle recommandé</translation>
    </message>
    <message>
        <source>Choose the model that suits most scans.</source>
        <translation>Choisir le modèle qui convient à la plupart des images.</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Sortie</translation>
    </message>
    <message>
        <source>Output volume</source>
        <translation>Volume de sortie</translation>
    </message>
    <message>
        <source>The volume that receives the result.</source>
        <translation>Le volume qui reçoit le résultat.</translation>
    </message>
    <message>
        <source>Create new volume</source>
        <translation>Créer un nouveau volume</translation>
    </message>
    <message>
        <source>Voxels:</source>
        <translation>Voxels :</translation>
    </message>
    <message>
        <source>Voxels of the result</source>
        <translation>Voxels du résultat</translation>
    </message>
    <message>
        <source>The voxels of the result.</source>
        <translation>Les voxels du résultat.</translation>
    </message>
    <message>
        <source>Show the result when it is done</source>
        <translation>Afficher le résultat une fois terminé</translation>
    </message>
    <message>
        <source>Open the comparison after Apply. If unticked, your views do not change.</source>
        <translation>Ouvrir la comparaison après Appliquer. Si la case est décochée, vos vues ne changent pas.</translation>
    </message>
    <message>
        <source>Also compute how sure the result is</source>
        <translation>Calculer aussi l&apos;incertitude du résultat</translation>
    </message>
    <message>
        <source>Add a map of how far the true value may lie from the result. Only some models can tell.</source>
        <translation>Ajouter une carte de l&apos;écart possible entre la vraie valeur et le résultat. Seuls certains modèles peuvent l&apos;estimer.</translation>
    </message>
    <message>
        <source>Even out the brightness</source>
        <translation>Uniformiser la luminosité</translation>
    </message>
    <message>
        <source>Take out the slow change of brightness across the head that the coil causes (bias field, N4). It stays in the result otherwise.</source>
        <translation>Retirer la lente variation de luminosité que l&apos;antenne cause à travers la tête (champ de biais, N4). Sinon, elle reste dans le résultat.</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>Avancé</translation>
    </message>
    <message>
        <source>Brain mask:</source>
        <translation>Masque du cerveau :</translation>
    </message>
    <message>
        <source>Brain mask</source>
        <translation>Masque du cerveau</translation>
    </message>
    <message>
        <source>A brain mask on the volume&apos;s own voxels. If left empty, the brain is found automatically.</source>
        <translation>Un masque du cerveau sur les voxels du volume. Si le champ est vide, le cerveau est trouvé automatiquement.</translation>
    </message>
    <message>
        <source>Find the brain</source>
        <translation>Trouver le cerveau</translation>
    </message>
    <message>
        <source>Device:</source>
        <translation>Processeur :</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Processeur de calcul</translation>
    </message>
    <message>
        <source>The device to compute on, with its free memory.</source>
        <translation>Le processeur de calcul, avec sa mémoire libre.</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Actualiser</translation>
    </message>
    <message>
        <source>Search again for GPUs and their free memory.</source>
        <translation>Rechercher de nouveau les GPU et leur mémoire libre.</translation>
    </message>
    <message>
        <source>Across slices:</source>
        <translation>Axe des coupes :</translation>
    </message>
    <message>
        <source>Across slices</source>
        <translation>Axe des coupes</translation>
    </message>
    <message>
        <source>The axis across the slices, if it is not the one with the largest spacing.</source>
        <translation>L&apos;axe perpendiculaire aux coupes, si ce n&apos;est pas celui du plus grand espacement.</translation>
    </message>
    <message>
        <source>Settings of the method</source>
        <translation>Réglages de la méthode</translation>
    </message>
    <message>
        <source>An empty field keeps the model&apos;s own value, shown in grey.</source>
        <translation>Un champ vide garde la valeur du modèle, affichée en gris.</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Appliquer</translation>
    </message>
    <message>
        <source>Choose a volume.</source>
        <translation>Choisissez un volume.</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progression</translation>
    </message>
    <message>
        <source>Several scans</source>
        <translation>Plusieurs images</translation>
    </message>
    <message>
        <source>Scene</source>
        <translation>Scène</translation>
    </message>
    <message>
        <source>List the volumes of the scene, with the studies they were loaded from.</source>
        <translation>Lister les volumes de la scène, avec les études dont ils proviennent.</translation>
    </message>
    <message>
        <source>Folder...</source>
        <translation>Dossier...</translation>
    </message>
    <message>
        <source>List the volumes and DICOM series of a folder. They need not be loaded.</source>
        <translation>Lister les volumes et les séries DICOM d&apos;un dossier. Il n&apos;est pas nécessaire de les charger.</translation>
    </message>
    <message>
        <source>Scans to enhance</source>
        <translation>Images à améliorer</translation>
    </message>
    <message>
        <source>Tick the scans to enhance. Hover over a row to read its remarks.</source>
        <translation>Cochez les images à améliorer. Survolez une ligne pour lire ses remarques.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Toutes</translation>
    </message>
    <message>
        <source>Tick all scans that can be used.</source>
        <translation>Cocher toutes les images utilisables.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Aucune</translation>
    </message>
    <message>
        <source>Untick all scans.</source>
        <translation>Décocher toutes les images.</translation>
    </message>
    <message>
        <source>Same study</source>
        <translation>Même étude</translation>
    </message>
    <message>
        <source>Tick all scans of the selected row&apos;s study.</source>
        <translation>Cocher toutes les images de l&apos;étude de la ligne sélectionnée.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Afficher</translation>
    </message>
    <message>
        <source>Show the selected row&apos;s result next to its scan.</source>
        <translation>Afficher le résultat de la ligne sélectionnée à côté de son image.</translation>
    </message>
    <message>
        <source>Enhance scans</source>
        <translation>Améliorer les images</translation>
    </message>
    <message>
        <source>Enhance the ticked scans one after the other. If one fails, the others continue.</source>
        <translation>Améliorer les images cochées l&apos;une après l&apos;autre. Si l&apos;une échoue, les autres continuent.</translation>
    </message>
    <message>
        <source>Progress of all scans</source>
        <translation>Progression de toutes les images</translation>
    </message>
    <message>
        <source>Send results to a server...</source>
        <translation>Envoyer les résultats à un serveur...</translation>
    </message>
    <message>
        <source>Send all results of the table to a PACS or a DICOMweb server.</source>
        <translation>Envoyer tous les résultats du tableau à un PACS ou à un serveur DICOMweb.</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Log of the worker</source>
        <translation>Journal du processus de calcul</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparer</translation>
    </message>
    <message>
        <source>Views:</source>
        <translation>Vues :</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>Vues</translation>
    </message>
    <message>
        <source>Three planes, or one plane in larger views. Your choice is remembered.</source>
        <translation>Trois plans, ou un seul plan dans de plus grandes vues. Votre choix est mémorisé.</translation>
    </message>
    <message>
        <source>Three planes</source>
        <translation>Trois plans</translation>
    </message>
    <message>
        <source>One plane, large</source>
        <translation>Un plan, en grand</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Côte à côte</translation>
    </message>
    <message>
        <source>Show input and enhanced volume in linked views with the same window and level.</source>
        <translation>Afficher l&apos;entrée et le volume amélioré dans des vues liées, avec le même fenêtrage.</translation>
    </message>
    <message>
        <source>Toggle (F8)</source>
        <translation>Alterner (F8)</translation>
    </message>
    <message>
        <source>Switch between input and enhanced volume in the views of the input. Press F8 repeatedly to flicker.</source>
        <translation>Passer de l&apos;entrée au volume amélioré dans les vues de l&apos;entrée. Appuyez plusieurs fois sur F8 pour alterner rapidement.</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Différence</translation>
    </message>
    <message>
        <source>Show enhanced minus input in the views of the input, with a colour bar.</source>
        <translation>Afficher le volume amélioré moins l&apos;entrée dans les vues de l&apos;entrée, avec une barre de couleurs.</translation>
    </message>
    <message>
        <source>Support</source>
        <translation>Cohérence</translation>
    </message>
    <message>
        <source>Show where the enhanced volume, degraded again, contradicts the input by more than its noise: structure that was invented (red) or lost (blue).</source>
        <translation>Montrer où le volume amélioré, dégradé de nouveau, contredit l&apos;entrée de plus que son bruit : structures inventées (rouge) ou perdues (bleu).</translation>
    </message>
    <message>
        <source>Reveal</source>
        <translation>Loupe</translation>
    </message>
    <message>
        <source>Show the enhanced volume in a lens around the mouse pointer.</source>
        <translation>Afficher le volume amélioré dans une loupe autour du pointeur de la souris.</translation>
    </message>
    <message>
        <source>Snapshot...</source>
        <translation>Capture...</translation>
    </message>
    <message>
        <source>Save the views, with names and scale bar, as a picture.</source>
        <translation>Enregistrer les vues comme image, avec les noms et l&apos;échelle.</translation>
    </message>
    <message>
        <source>Restore layout</source>
        <translation>Rétablir la disposition</translation>
    </message>
    <message>
        <source>Restore the layout from before the comparison.</source>
        <translation>Rétablir la disposition d&apos;avant la comparaison.</translation>
    </message>
    <message>
        <source>Fade:</source>
        <translation>Fondu :</translation>
    </message>
    <message>
        <source>Fade</source>
        <translation>Fondu</translation>
    </message>
    <message>
        <source>Overlay the enhanced volume on the input in the views of the input.</source>
        <translation>Superposer le volume amélioré à l&apos;entrée dans les vues de l&apos;entrée.</translation>
    </message>
    <message>
        <source>How sure is the result</source>
        <translation>Incertitude du résultat</translation>
    </message>
    <message>
        <source>Show how far the true value may lie from the result, in colours over the enhanced volume. The Data Probe shows the number under the pointer.</source>
        <translation>Montrer jusqu&apos;où la vraie valeur peut s&apos;écarter du résultat, en couleurs sur le volume amélioré. Le Data Probe indique la valeur sous le pointeur.</translation>
    </message>
    <message>
        <source>Opacity:</source>
        <translation>Opacité :</translation>
    </message>
    <message>
        <source>Opacity of the map</source>
        <translation>Opacité de la carte</translation>
    </message>
    <message>
        <source>How strongly the map covers the enhanced volume.</source>
        <translation>À quel point la carte couvre le volume amélioré.</translation>
    </message>
    <message>
        <source>Hide below:</source>
        <translation>Masquer sous :</translation>
    </message>
    <message>
        <source>Least half-width that is shown, as a share of the colour bar</source>
        <translation>Plus petite demi-largeur affichée, en part de la barre de couleurs</translation>
    </message>
    <message>
        <source>Hide the surest places: half-widths below this share of the colour bar.</source>
        <translation>Masquer les endroits les plus sûrs : demi-largeurs inférieures à cette part de la barre de couleurs.</translation>
    </message>
    <message>
        <source>Reference:</source>
        <translation>Référence :</translation>
    </message>
    <message>
        <source>Reference volume</source>
        <translation>Volume de référence</translation>
    </message>
    <message>
        <source>A high-field volume of the same subject, aligned with the input, if available.</source>
        <translation>Un volume à haut champ du même sujet, aligné sur l&apos;entrée, s&apos;il existe.</translation>
    </message>
    <message>
        <source>Measure against reference</source>
        <translation>Mesurer par rapport à la référence</translation>
    </message>
    <message>
        <source>NRMSE, SSIM and PSNR of the input and of the enhanced volume, in a table.</source>
        <translation>NRMSE, SSIM et PSNR de l&apos;entrée et du volume amélioré, dans un tableau.</translation>
    </message>
    <message>
        <source>Without the patient&apos;s identity</source>
        <translation>Sans l&apos;identité du patient</translation>
    </message>
    <message>
        <source>Remove the patient&apos;s identity and the date and place of the scan. The face remains visible in the images.</source>
        <translation>Retirer l&apos;identité du patient ainsi que la date et le lieu de l&apos;examen. Le visage reste visible dans les images.</translation>
    </message>
    <message>
        <source>Add to the DICOM database</source>
        <translation>Ajouter à la base DICOM</translation>
    </message>
    <message>
        <source>From there, the DICOM module can send the series to a PACS or DICOMweb server.</source>
        <translation>De là, le module DICOM peut envoyer la série à un PACS ou à un serveur DICOMweb.</translation>
    </message>
    <message>
        <source>Export to DICOM...</source>
        <translation>Exporter en DICOM...</translation>
    </message>
    <message>
        <source>Write the enhanced volume as a DICOM series derived from the scan.</source>
        <translation>Écrire le volume amélioré comme série DICOM dérivée de l&apos;image d&apos;origine.</translation>
    </message>
    <message>
        <source>Send to a server...</source>
        <translation>Envoyer à un serveur...</translation>
    </message>
    <message>
        <source>Send the result to a PACS or a DICOMweb server.</source>
        <translation>Envoyer le résultat à un PACS ou à un serveur DICOMweb.</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <source>All models on this computer. Select one to read its card. Nothing is ever downloaded.</source>
        <translation>Tous les modèles de cet ordinateur. Sélectionnez-en un pour lire sa fiche. Rien n&apos;est jamais téléchargé.</translation>
    </message>
    <message>
        <source>Import file...</source>
        <translation>Fichier...</translation>
    </message>
    <message>
        <source>Add a model from a zip file or its card.json to your folder, after a check.</source>
        <translation>Ajouter à votre dossier un modèle depuis un fichier zip ou son card.json, après vérification.</translation>
    </message>
    <message>
        <source>Import folder...</source>
        <translation>Dossier...</translation>
    </message>
    <message>
        <source>Add a model from its folder to yours, after a check.</source>
        <translation>Ajouter un modèle de son dossier au vôtre, après vérification.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ouvrir le dossier</translation>
    </message>
    <message>
        <source>Show the folder of your own models.</source>
        <translation>Afficher le dossier de vos propres modèles.</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Vérifier</translation>
    </message>
    <message>
        <source>Check the card and weights of the selected model and run it on a small volume.</source>
        <translation>Vérifier la fiche et les poids du modèle sélectionné et l&apos;essayer sur un petit volume.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>Delete the selected model from your folder.</source>
        <translation>Supprimer le modèle sélectionné de votre dossier.</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.BatchPanel</name>
    <message>
        <source>Scan</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>Temps restant</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>Étude</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Détails</translation>
    </message>
    <message>
        <source>Scans in {folder}: {count}. Results go into its folder {results}.</source>
        <translation>Images dans {folder} : {count}. Les résultats vont dans son dossier {results}.</translation>
    </message>
    <message>
        <source>Enhance {count} scans</source>
        <translation>Améliorer {count} images</translation>
    </message>
    <message>
        <source>Searching for scans: folder {done} of {total}.</source>
        <translation>Recherche d&apos;images : dossier {done} sur {total}.</translation>
    </message>
    <message>
        <source>Starting...</source>
        <translation>Démarrage...</translation>
    </message>
    <message>
        <source>Stopping...</source>
        <translation>Arrêt...</translation>
    </message>
    <message>
        <source>Stopped by the user</source>
        <translation>Arrêté par l&apos;utilisateur</translation>
    </message>
    <message>
        <source>Send all results of the table to a PACS or a DICOMweb server.</source>
        <translation>Envoyer tous les résultats du tableau à un PACS ou à un serveur DICOMweb.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Tick the scans to enhance.</source>
        <translation>Cochez les images à améliorer.</translation>
    </message>
    <message>
        <source>Folder of the scans</source>
        <translation>Dossier des images</translation>
    </message>
    <message>
        <source>Scan {position} of {total}</source>
        <translation>Image {position} sur {total}</translation>
    </message>
    <message>
        <source>Done, with warnings</source>
        <translation>Terminé, avec des avertissements</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Arrêté</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Échec</translation>
    </message>
    <message>
        <source>Searching for scans in {folder}...</source>
        <translation>Recherche d&apos;images dans {folder}...</translation>
    </message>
    <message>
        <source>Volumes of the scene: {count}.</source>
        <translation>Volumes de la scène : {count}.</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En attente</translation>
    </message>
    <message>
        <source>Enhance scans</source>
        <translation>Améliorer les images</translation>
    </message>
    <message>
        <source>Enhance 1 scan</source>
        <translation>Améliorer 1 image</translation>
    </message>
    <message>
        <source>, about {left} left for all</source>
        <translation>, encore {left} environ pour l&apos;ensemble</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.BatchRows</name>
    <message>
        <source>Cannot be used</source>
        <translation>Inutilisable</translation>
    </message>
    <message>
        <source>Done before</source>
        <translation>Déjà traitée</translation>
    </message>
    <message>
        <source>See remarks</source>
        <translation>Voir les remarques</translation>
    </message>
    <message>
        <source>Fits</source>
        <translation>Convient</translation>
    </message>
    <message>
        <source>{size} voxels of {spacing} mm</source>
        <translation>{size} voxels de {spacing} mm</translation>
    </message>
    <message>
        <source>{done} of {all} scans are done</source>
        <translation>Images terminées : {done} sur {all}</translation>
    </message>
    <message>
        <source>{count} failed</source>
        <translation>{count} en échec</translation>
    </message>
    <message>
        <source>{count} stopped</source>
        <translation>{count} arrêtées</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Cards</name>
    <message>
        <source>T1-weighted</source>
        <translation>T1</translation>
    </message>
    <message>
        <source>T2-weighted</source>
        <translation>T2</translation>
    </message>
    <message>
        <source>&lt;b&gt;For&lt;/b&gt; {contrast} brain scans with slices {least:.1f} to {most:.1f} mm apart.</source>
        <translation>&lt;b&gt;Pour&lt;/b&gt; des images cérébrales {contrast} dont les coupes sont espacées de {least:.1f} à {most:.1f} mm.</translation>
    </message>
    <message>
        <source>&lt;b&gt;Tested&lt;/b&gt; on held-out data of {people}: {result}.</source>
        <translation>&lt;b&gt;Testé&lt;/b&gt; sur des données de test de {people} : {result}.</translation>
    </message>
    <message>
        <source>&lt;b&gt;Not for&lt;/b&gt; diagnosis, other contrasts, or measuring intensities{lesions}.</source>
        <translation>&lt;b&gt;Ne convient pas&lt;/b&gt; au diagnostic, à d&apos;autres contrastes ni à la mesure d&apos;intensités{lesions}.</translation>
    </message>
    <message>
        <source>Done in {time} with {model}: {output} is next to {input} in the Data module.</source>
        <translation>Terminé en {time} avec {model} : {output} se trouve à côté de {input} dans le module Data.</translation>
    </message>
    <message>
        <source>Recommended: {name}</source>
        <translation>Recommandé : {name}</translation>
    </message>
    <message>
        <source>&lt;b&gt;For&lt;/b&gt; brain scans of any contrast and voxel size.</source>
        <translation>&lt;b&gt;Pour&lt;/b&gt; des images cérébrales de tout contraste et de toute taille de voxel.</translation>
    </message>
    <message>
        <source>&lt;b&gt;Not tested&lt;/b&gt; on held-out subjects.</source>
        <translation>&lt;b&gt;Non testé&lt;/b&gt; sur des sujets absents de l&apos;entraînement.</translation>
    </message>
    <message>
        <source>; lesions can look weaker or stronger than they are</source>
        <translation> ; les lésions peuvent paraître plus faibles ou plus fortes qu&apos;elles ne sont</translation>
    </message>
    <message>
        <source>&lt;b&gt;Not for&lt;/b&gt; diagnosis, or measuring intensities{lesions}.</source>
        <translation>&lt;b&gt;Ne convient pas&lt;/b&gt; au diagnostic ni à la mesure d&apos;intensités{lesions}.</translation>
    </message>
    <message>
        <source>about the same error as interpolation</source>
        <translation>à peu près la même erreur que l&apos;interpolation</translation>
    </message>
    <message>
        <source>{change:.0f} % less error than interpolation</source>
        <translation>{change:.0f} % d&apos;erreur en moins que l&apos;interpolation</translation>
    </message>
    <message>
        <source>{change:.0f} % more error</source>
        <translation>{change:.0f} % d&apos;erreur en plus</translation>
    </message>
    <message>
        <source>1 subject</source>
        <translation>1 sujet</translation>
    </message>
    <message>
        <source>See the warnings above Apply.</source>
        <translation>Voir les avertissements au-dessus d&apos;Appliquer.</translation>
    </message>
    <message>
        <source>&lt;b&gt;Not for&lt;/b&gt; diagnosis.</source>
        <translation>&lt;b&gt;Ne convient pas&lt;/b&gt; au diagnostic.</translation>
    </message>
    <message>
        <source>{people} subjects</source>
        <translation>{people} sujets</translation>
    </message>
    <message>
        <source>It is an estimate: in tests it had {result}.</source>
        <translation>C&apos;est une estimation : lors des tests, elle avait {result}.</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Catalogue</name>
    <message>
        <source>On {people} held-out subjects ({set}): {scores}.</source>
        <translation>Sur {people} sujets de test ({set}) : {scores}.</translation>
    </message>
    <message>
        <source>No test figures.</source>
        <translation>Aucun résultat de test.</translation>
    </message>
    <message>
        <source>On 1 held-out subject ({set}): {scores}.</source>
        <translation>Sur 1 sujet de test ({set}) : {scores}.</translation>
    </message>
    <message>
        <source>There is no model &apos;{name}&apos;</source>
        <translation>Il n&apos;y a pas de modèle « {name} »</translation>
    </message>
    <message>
        <source>The model {name} is for {its}, not for {other}</source>
        <translation>Le modèle {name} est fait pour {its}, pas pour {other}</translation>
    </message>
    <message>
        <source>{measure} {mean:.3f} ({ratio:.3f} times that of interpolation)</source>
        <translation>{measure} {mean:.3f} ({ratio:.3f} fois celle de l&apos;interpolation)</translation>
    </message>
    <message>
        <source>There is no model of method &apos;{name}&apos;</source>
        <translation>Il n&apos;y a pas de modèle de la méthode « {name} »</translation>
    </message>
    <message>
        <source>Choose another.</source>
        <translation>Choisissez-en un autre.</translation>
    </message>
    <message>
        <source>Only models in your own folder can be deleted.</source>
        <translation>Seuls les modèles de votre propre dossier peuvent être supprimés.</translation>
    </message>
    <message>
        <source>Trained for {contrast}, x{factor}, voxels of {low:.2f} to {high:.2f} mm.</source>
        <translation>Entraîné pour {contrast}, x{factor}, voxels de {low:.2f} à {high:.2f} mm.</translation>
    </message>
    <message>
        <source>Choose one of {names}.</source>
        <translation>Choisissez parmi {names}.</translation>
    </message>
    <message>
        <source>{name} is part of the extension</source>
        <translation>{name} fait partie de l&apos;extension</translation>
    </message>
    <message>
        <source>Interpolation (baseline)</source>
        <translation>Interpolation (point de comparaison)</translation>
    </message>
    <message>
        <source>Smooth slices between those that were measured. Nothing is learned, so nothing is invented.</source>
        <translation>Des coupes lisses entre celles qui ont été mesurées. Rien n&apos;est appris, donc rien n&apos;est inventé.</translation>
    </message>
    <message>
        <source>nearest interpolation along the slice axis, a baseline</source>
        <translation>interpolation au plus proche voisin selon l&apos;axe des coupes, un point de comparaison</translation>
    </message>
    <message>
        <source>linear interpolation along the slice axis, a baseline</source>
        <translation>interpolation linéaire selon l&apos;axe des coupes, un point de comparaison</translation>
    </message>
    <message>
        <source>cubic interpolation along the slice axis, a baseline</source>
        <translation>interpolation cubique selon l&apos;axe des coupes, un point de comparaison</translation>
    </message>
    <message>
        <source>LRTV: low rank and total variation, any scan</source>
        <translation>LRTV : rang faible et variation totale, toute image</translation>
    </message>
    <message>
        <source>weight of the low rank, times the scan&apos;s noise, 0 to 10; 0 leaves it out, which is quicker</source>
        <translation>poids du rang faible, en multiple du bruit de l&apos;image, de 0 à 10 ; 0 l&apos;omet, ce qui est plus rapide</translation>
    </message>
    <message>
        <source>relative change of an iteration that counts as converged</source>
        <translation>variation relative d&apos;une itération qui vaut convergence</translation>
    </message>
    <message>
        <source>ELRTV (our reconstruction): LRTV and more, any scan</source>
        <translation>ELRTV (notre reconstruction) : LRTV étendu, toute image</translation>
    </message>
    <message>
        <source>tuned for slices of scale x2 or x4 by the authors (study-x2, study-x4), or by us (ours)</source>
        <translation>réglés pour des coupes d&apos;échelle x2 ou x4 par les auteurs (study-x2, study-x4), ou par nous (ours)</translation>
    </message>
    <message>
        <source>A classic baseline: a scan of any contrast restored with low rank and total variation; nothing is learned. In practice, wiener is quicker.</source>
        <translation>Un point de comparaison classique : une image de n&apos;importe quel contraste restaurée par rang faible et variation totale ; rien n&apos;est appris. En pratique, wiener est plus rapide.</translation>
    </message>
    <message>
        <source>{measure} {ratio:.3f} times that of interpolation</source>
        <translation>{measure} {ratio:.3f} fois la valeur de l&apos;interpolation</translation>
    </message>
    <message>
        <source>weight of total variation, times the scan&apos;s noise, 0 to 10: larger values are smoother</source>
        <translation>poids de la variation totale, en multiple du bruit de l&apos;image, de 0 à 10 : des valeurs plus grandes sont plus lisses</translation>
    </message>
    <message>
        <source>greatest number of iterations, 10 to 2000</source>
        <translation>nombre maximal d&apos;itérations, de 10 à 2000</translation>
    </message>
    <message>
        <source>low rank and total variation for any scan: a classic baseline, nothing is learned</source>
        <translation>rang faible et variation totale pour toute image : un point de comparaison classique, rien n&apos;est appris</translation>
    </message>
    <message>
        <source>A classic baseline: LRTV, back-projection, sharpening and non-local means for a scan of any contrast. Our reconstruction of an unpublished program.</source>
        <translation>Un point de comparaison classique : LRTV, rétroprojection, accentuation et moyennes non locales pour une image de n&apos;importe quel contraste. Notre reconstruction d&apos;un programme non publié.</translation>
    </message>
    <message>
        <source>non-local means, times the scan&apos;s noise, 0 to 5: larger values are smoother</source>
        <translation>moyennes non locales, en multiple du bruit de l&apos;image, de 0 à 5 : des valeurs plus grandes sont plus lisses</translation>
    </message>
    <message>
        <source>our reconstruction of ELRTV for any scan: a classic baseline, nothing is learned</source>
        <translation>notre reconstruction d&apos;ELRTV pour toute image : un point de comparaison classique, rien n&apos;est appris</translation>
    </message>
    <message>
        <source>ScSR: coupled dictionaries by lasso</source>
        <translation>ScSR : dictionnaires couplés par lasso</translation>
    </message>
    <message>
        <source>Yang 2010: the lasso code of a patch&apos;s features gives the patch itself, scaled to the scan&apos;s contrast.</source>
        <translation>Yang 2010 : le code lasso des attributs d&apos;un patch donne le patch lui-même, ramené au contraste de l&apos;image.</translation>
    </message>
    <message>
        <source>Learning dictionaries needs spams, which is GPL-3; enhancement also works without it, more slowly.</source>
        <translation>L&apos;apprentissage de dictionnaires requiert spams, sous licence GPL-3 ; l&apos;amélioration fonctionne aussi sans lui, plus lentement.</translation>
    </message>
    <message>
        <source>voxels between patches: smaller values are smoother and slower</source>
        <translation>voxels entre les patchs : des valeurs plus petites sont plus lisses et plus lentes</translation>
    </message>
    <message>
        <source>true or false: apply a Wiener filter first</source>
        <translation>true ou false : appliquer d&apos;abord un filtre de Wiener</translation>
    </message>
    <message>
        <source>CSC-SR: convolutional sparse coding</source>
        <translation>CSC-SR : codage parcimonieux convolutif</translation>
    </message>
    <message>
        <source>Adds the detail that goes with small patterns of the scan in other brains.</source>
        <translation>Ajoute le détail qui accompagne de petits motifs de l’image dans d’autres cerveaux.</translation>
    </message>
    <message>
        <source>It needs sporco (BSD-3): pip install &apos;image-quality-transfer[csc]&apos;.</source>
        <translation>Nécessite sporco (BSD-3) : pip install &apos;image-quality-transfer[csc]&apos;.</translation>
    </message>
    <message>
        <source>lambda: smaller values keep more detail and more noise</source>
        <translation>lambda : les petites valeurs gardent plus de détail et plus de bruit</translation>
    </message>
    <message>
        <source>of the coding: more take longer and change little</source>
        <translation>du codage : davantage prend plus de temps et change peu</translation>
    </message>
    <message>
        <source>true or false: enforce agreement with the measured slices at the end</source>
        <translation>true ou false : imposer à la fin l&apos;accord avec les coupes mesurées</translation>
    </message>
    <message>
        <source>WEENIE: another contrast, synthesised, not measured</source>
        <translation>WEENIE : un autre contraste, synthétisé, non mesuré</translation>
    </message>
    <message>
        <source>Guesses what a scan of another contrast would look like. Nothing of it was measured.</source>
        <translation>Devine à quoi ressemblerait une image d’un autre contraste. Rien n’en a été mesuré.</translation>
    </message>
    <message>
        <source>sparsity weight lambda</source>
        <translation>poids de parcimonie lambda</translation>
    </message>
    <message>
        <source>contrast of a patch, as a multiple of the interpolated one&apos;s</source>
        <translation>contraste d&apos;un patch, en multiple de celui du patch interpolé</translation>
    </message>
    <message>
        <source>NE+LLE: neighbour embedding</source>
        <translation>NE+LLE : plongement par voisinage</translation>
    </message>
    <message>
        <source>Chang 2004: the nearest atoms, weighted so that they give the patch&apos;s features, give its detail.</source>
        <translation>Chang 2004 : les atomes les plus proches, pondérés pour reproduire les attributs du patch, donnent son détail.</translation>
    </message>
    <message>
        <source>atoms that a patch is made of</source>
        <translation>atomes qui composent un patch</translation>
    </message>
    <message>
        <source>Zeyde: K-SVD dictionaries</source>
        <translation>Zeyde : dictionnaires K-SVD</translation>
    </message>
    <message>
        <source>The ancestor of IQT-SRep: sparse codes in dictionaries learned by K-SVD.</source>
        <translation>L&apos;ancêtre d&apos;IQT-SRep : codes parcimonieux dans des dictionnaires appris par K-SVD.</translation>
    </message>
    <message>
        <source>atoms of a patch</source>
        <translation>atomes d&apos;un patch</translation>
    </message>
    <message>
        <source>GR: global regression</source>
        <translation>GR : régression globale</translation>
    </message>
    <message>
        <source>Timofte 2013: one matrix for all patches, the simplest of the regressors.</source>
        <translation>Timofte 2013 : une matrice pour tous les patchs, le plus simple des régresseurs.</translation>
    </message>
    <message>
        <source>ANR: anchored neighbourhood regression</source>
        <translation>ANR : régression de voisinage ancrée</translation>
    </message>
    <message>
        <source>Timofte 2013: a matrix for each atom, from the atoms near it.</source>
        <translation>Timofte 2013 : une matrice par atome, à partir des atomes voisins.</translation>
    </message>
    <message>
        <source>A+: adjusted anchored regression</source>
        <translation>A+ : régression ancrée ajustée</translation>
    </message>
    <message>
        <source>Adds the detail that places like these had in other brains, by one multiplication each.</source>
        <translation>Ajoute le détail que de tels endroits avaient dans d&apos;autres cerveaux, par une seule multiplication chacun.</translation>
    </message>
    <message>
        <source>IQT-SRep: sparse dictionaries</source>
        <translation>IQT-SRep : dictionnaires parcimonieux</translation>
    </message>
    <message>
        <source>Adds the detail that a learned dictionary knows for similar places in other brains.</source>
        <translation>Ajoute le détail qu&apos;un dictionnaire appris connaît d&apos;endroits semblables dans d&apos;autres cerveaux.</translation>
    </message>
    <message>
        <source>omp or lasso</source>
        <translation>omp ou lasso</translation>
    </message>
    <message>
        <source>atoms per patch (omp)</source>
        <translation>atomes par patch (omp)</translation>
    </message>
    <message>
        <source>sparsity weight lambda (lasso)</source>
        <translation>poids de parcimonie lambda (lasso)</translation>
    </message>
    <message>
        <source>auto, spams or torch</source>
        <translation>auto, spams ou torch</translation>
    </message>
    <message>
        <source>Wiener restoration: any scan, no training</source>
        <translation>Restauration de Wiener : toute image, sans entraînement</translation>
    </message>
    <message>
        <source>Sharper and less noisy, as far as the scan&apos;s own noise allows. Nothing is learned, so nothing is invented.</source>
        <translation>Plus net et moins bruité, autant que le bruit propre de l&apos;image le permet. Rien n&apos;est appris, donc rien n&apos;est inventé.</translation>
    </message>
    <message>
        <source>factor on the assumed noise, 0.1 to 10: above 1 gives a smoother result, below 1 a sharper one</source>
        <translation>facteur sur le bruit supposé, de 0,1 à 10 : plus de 1 donne un résultat plus lisse, moins de 1 un résultat plus net</translation>
    </message>
    <message>
        <source>best linear restoration of any scan: sharper, less noisy, no training data, nothing invented</source>
        <translation>meilleure restauration linéaire de toute image : plus nette, moins bruitée, sans données d&apos;entraînement, rien d&apos;inventé</translation>
    </message>
    <message>
        <source>IQT-DDL: deep dictionaries</source>
        <translation>IQT-DDL : dictionnaires profonds</translation>
    </message>
    <message>
        <source>A network finds the mix of learned pieces that fits each place best.</source>
        <translation>Un réseau trouve le mélange d&apos;éléments appris qui convient le mieux à chaque endroit.</translation>
    </message>
    <message>
        <source>Its feature extractor follows UNet++, which its authors call patent pending and license for research only.</source>
        <translation>Son extracteur d&apos;attributs suit UNet++, que ses auteurs déclarent en instance de brevet et réservent à la recherche.</translation>
    </message>
    <message>
        <source>edge in voxels of the windows that a volume is cut into; for the U-Net, the size of its patches</source>
        <translation>côté en voxels des fenêtres dans lesquelles un volume est découpé ; pour le U-Net, taille de ses patchs</translation>
    </message>
    <message>
        <source>overlap of neighbouring windows, 0 to 0.75</source>
        <translation>recouvrement des fenêtres voisines, de 0 à 0,75</translation>
    </message>
    <message>
        <source>noise (share of the brain&apos;s mean) above which a scan is filtered first; 0 means never</source>
        <translation>bruit (part de la moyenne du cerveau) au-delà duquel une image est d&apos;abord filtrée ; 0 signifie jamais</translation>
    </message>
    <message>
        <source>average over 1, 2 or 4 flips of the scan; each takes a full pass</source>
        <translation>moyenne sur 1, 2 ou 4 retournements de l&apos;image ; chacun demande un passage complet</translation>
    </message>
    <message>
        <source>Sharper slices at any voxel size. It learned from one kind of scan, so use it for that kind only.</source>
        <translation>Des coupes plus nettes, à toute taille de voxel. La méthode a appris d&apos;un seul type d&apos;image : ne l&apos;utilisez que pour ce type.</translation>
    </message>
    <message>
        <source>Restoration of any scan</source>
        <translation>Restauration de toute image</translation>
    </message>
    <message>
        <source>Sharper and less noisy, for any kind of brain scan. T1-weighted scans look like those of a stronger scanner; all others keep their contrast.</source>
        <translation>Plus net et moins bruité, pour tout type d&apos;image cérébrale. Les images T1 ressemblent à celles d&apos;un appareil à champ plus élevé ; toutes les autres gardent leur contraste.</translation>
    </message>
    <message>
        <source>1 gives T1w scans the contrast of high field, 0 keeps the scan&apos;s contrast</source>
        <translation>1 donne aux images T1w le contraste du haut champ, 0 garde le contraste de l&apos;image</translation>
    </message>
    <message>
        <source>0 keeps the network&apos;s estimate, 1 moves it towards agreement with the scan as far as its noise allows; where the contrast changes, only bright spots</source>
        <translation>0 garde l&apos;estimation du réseau, 1 la rapproche de ce que dit l&apos;image autant que son bruit le permet ; là où le contraste change, seulement les taches claires</translation>
    </message>
    <message>
        <source>average over 1, 2, 4 or 8 flips of the scan; each takes a full pass of the network</source>
        <translation>moyenne sur 1, 2, 4 ou 8 retournements de l&apos;image ; chacun prend un passage complet du réseau</translation>
    </message>
    <message>
        <source>IQT-DL: anisotropic U-Net</source>
        <translation>IQT-DL : U-Net anisotrope</translation>
    </message>
    <message>
        <source>A neural network that fills in the slices between those that were measured.</source>
        <translation>Un réseau de neurones qui complète les coupes entre celles qui ont été mesurées.</translation>
    </message>
    <message>
        <source>any brain scan: sharper and less noisy; T1w scans get the contrast of high field, all others keep their own</source>
        <translation>toute image cérébrale : plus nette et moins bruitée ; les images T1w reçoivent le contraste du haut champ, toutes les autres gardent le leur</translation>
    </message>
    <message>
        <source>no support map: {error}</source>
        <translation>pas de carte de soutien : {error}</translation>
    </message>
    <message>
        <source>{output}: results are written as {writable}, or to a folder</source>
        <translation>{output} : les résultats s&apos;écrivent en {writable}, ou dans un dossier</translation>
    </message>
    <message>
        <source>several inputs have the same name: enhance them into different folders</source>
        <translation>plusieurs entrées ont le même nom : améliorez-les dans des dossiers différents</translation>
    </message>
    <message>
        <source>{output} is a single file for {count} volumes: give a folder</source>
        <translation>{output} est un seul fichier pour {count} volumes : donnez un dossier</translation>
    </message>
    <message>
        <source>{output}: results are written as {writable}</source>
        <translation>{output} : les résultats s&apos;écrivent en {writable}</translation>
    </message>
    <message>
        <source>{count} of {inputs} volumes failed: {value}</source>
        <translation>{count} des {inputs} volumes ont échoué : {value}</translation>
    </message>
    <message>
        <source>{source}: {why}</source>
        <translation>{source} : {why}</translation>
    </message>
    <message>
        <source>{folder} is a file: name a folder for the series</source>
        <translation>{folder} est un fichier : nommez un dossier pour la série</translation>
    </message>
    <message>
        <source>{folder} contains other files than an exported series: choose another folder</source>
        <translation>{folder} contient d&apos;autres fichiers qu&apos;une série exportée : choisissez un autre dossier</translation>
    </message>
    <message>
        <source>{folder} contains the scan itself: choose another folder</source>
        <translation>{folder} contient l&apos;image elle-même : choisissez un autre dossier</translation>
    </message>
    <message>
        <source>{source}: no such file or folder</source>
        <translation>{source} : fichier ou dossier introuvable</translation>
    </message>
    <message>
        <source>{source} is not a DICOM file: name the folder of the scan&apos;s DICOM files</source>
        <translation>{source} n&apos;est pas un fichier DICOM : nommez le dossier des fichiers DICOM de l&apos;image</translation>
    </message>
    <message>
        <source>{enhanced} is not at the position of the scan {source}: only {share:.0f} % of it overlaps. Choose the scan that it was made from (or did a conversion lose its position?)</source>
        <translation>{enhanced} n&apos;est pas à la position de l&apos;image {source} : seulement {share:.0f} % s&apos;y superposent. Choisissez l&apos;image dont il provient (ou une conversion a-t-elle perdu sa position ?)</translation>
    </message>
    <message>
        <source>the volume&apos;s axes are not orthogonal, a corner would move by {skew:.2f} mm: resample it to a grid with orthogonal axes first</source>
        <translation>les axes du volume ne sont pas orthogonaux, un coin se déplacerait de {skew:.2f} mm : rééchantillonnez-le d&apos;abord sur une grille aux axes orthogonaux</translation>
    </message>
    <message>
        <source>{estimate} {shape} is not on the grid of {truth} {shape2}: resample one of them first</source>
        <translation>{estimate} {shape} n&apos;est pas sur la grille de {truth} {shape2} : rééchantillonnez d&apos;abord l&apos;un des deux</translation>
    </message>
    <message>
        <source>{folder} is not a folder: choose the one that holds the scans</source>
        <translation>{folder} n&apos;est pas un dossier : choisissez celui qui contient les images</translation>
    </message>
    <message>
        <source>by its name these are labels, not a scan</source>
        <translation>d&apos;après son nom, ce sont des étiquettes, pas une image</translation>
    </message>
    <message>
        <source>several scans have the same name: simulate them into different folders</source>
        <translation>plusieurs images ont le même nom : simulez-les dans des dossiers différents</translation>
    </message>
    <message>
        <source>{target} holds the scans to simulate from: choose a new folder</source>
        <translation>{target} contient les images à partir desquelles simuler : choisissez un nouveau dossier</translation>
    </message>
    <message>
        <source>{source} holds no scans but those below {target}, which earlier runs have made</source>
        <translation>{source} n&apos;a pas d&apos;autres images que celles sous {target}, faites par des simulations antérieures</translation>
    </message>
    <message>
        <source>{target}: {share:.1%} of the brain&apos;s voxels are not supported by the scan</source>
        <translation>{target} : {share:.1%} des voxels du cerveau ne sont pas soutenus par l&apos;image</translation>
    </message>
    <message>
        <source>{source} does not exist: choose a folder or a volume</source>
        <translation>{source} n&apos;existe pas : choisissez un dossier ou un volume</translation>
    </message>
    <message>
        <source>{other} and {name} would both become sub-{person}: rename one of them</source>
        <translation>{other} et {name} deviendraient tous deux sub-{person} : renommez l&apos;un d&apos;eux</translation>
    </message>
    <message>
        <source>several scans are called {scan}: they count as one subject</source>
        <translation>plusieurs images se nomment {scan} : elles comptent comme un seul sujet</translation>
    </message>
    <message>
        <source>{person}: no voxel is {name} alone: check the tissue labels</source>
        <translation>{person} : aucun voxel n&apos;est uniquement de {name} : vérifiez les étiquettes de tissus</translation>
    </message>
    <message>
        <source>{person}: CSF, grey and white matter are at {told}: not a T1w volume, exclude it</source>
        <translation>{person} : LCR, substance grise et blanche sont à {told} : ce n&apos;est pas un volume T1w, excluez-le</translation>
    </message>
    <message>
        <source>no usable high-field volume: see the warnings above</source>
        <translation>aucun volume à haut champ utilisable : voir les avertissements ci-dessus</translation>
    </message>
    <message>
        <source>{path} is skipped: {why}</source>
        <translation>{path} est ignoré : {why}</translation>
    </message>
    <message>
        <source>{folder} is damaged ({why}): packing {person} again</source>
        <translation>{folder} est endommagé ({why}) : {person} est empaqueté de nouveau</translation>
    </message>
    <message>
        <source>{path} is not a valid pseudonym key: restore it, or delete it to start with new pseudonyms</source>
        <translation>{path} n&apos;est pas une clé de pseudonymes valide : restaurez-la, ou supprimez-la pour commencer avec de nouveaux pseudonymes</translation>
    </message>
    <message>
        <source>nothing to prepare: name files or folders</source>
        <translation>rien à préparer : nommez des fichiers ou des dossiers</translation>
    </message>
    <message>
        <source>none of {count} volumes can be used: {why}</source>
        <translation>aucun des {count} volumes n&apos;est utilisable : {why}</translation>
    </message>
    <message>
        <source>sub-{person}: {sidecar} was prepared from a file elsewhere, which is replaced now</source>
        <translation>sub-{person} : {sidecar} avait été préparé à partir d&apos;un fichier situé ailleurs, qui est remplacé maintenant</translation>
    </message>
    <message>
        <source>{target} is a file, or a link that leads nowhere: choose a new folder</source>
        <translation>{target} est un fichier, ou un lien qui ne mène nulle part : choisissez un nouveau dossier</translation>
    </message>
    <message>
        <source>{target} contains the scans to prepare: choose a new folder</source>
        <translation>{target} contient les images à préparer : choisissez un nouveau dossier</translation>
    </message>
    <message>
        <source>{folder} is not a folder: choose the folder of the scans</source>
        <translation>{folder} n&apos;est pas un dossier : choisissez le dossier des images</translation>
    </message>
    <message>
        <source>{folder} contains no *_{suffix} volume (NIfTI, NRRD or MetaImage)</source>
        <translation>{folder} ne contient pas de volume *_{suffix} (NIfTI, NRRD ou MetaImage)</translation>
    </message>
    <message>
        <source>{count} subjects are too few: {validated} for validation and {tested} for the test leave none to train on</source>
        <translation>{count} sujets ne suffisent pas : {validated} pour la validation et {tested} pour le test n&apos;en laissent aucun pour l&apos;entraînement</translation>
    </message>
    <message>
        <source>{path} holds labels or a mask by its name ({names}): give the scan itself</source>
        <translation>{path} est, d&apos;après son nom, des étiquettes ou un masque ({names}) : donnez l&apos;image elle-même</translation>
    </message>
    <message>
        <source>{path}: tissues cannot be segmented from {suffix} intensities, only from {contrasts}: put tissue labels (&lt;scan&gt;_dseg, 1 CSF, 2 GM, 3 WM) or maps (&lt;scan&gt;_label-{{CSF,GM,WM}}_probseg) beside it</source>
        <translation>{path} : les tissus ne peuvent pas être segmentés dans des intensités {suffix}, seulement dans {contrasts} : mettez à côté des étiquettes de tissus (&lt;scan&gt;_dseg, 1 LCR, 2 SG, 3 SB) ou des cartes (&lt;scan&gt;_label-{{CSF,GM,WM}}_probseg)</translation>
    </message>
    <message>
        <source>{path}: no tissue maps beside it, estimating them</source>
        <translation>{path} : pas de cartes de tissus à côté, elles sont estimées</translation>
    </message>
    <message>
        <source>{mask} is empty: brain voxels must be above 0</source>
        <translation>{mask} est vide : les voxels du cerveau doivent être supérieurs à 0</translation>
    </message>
    <message>
        <source>{person}: voxels of {spacing} mm resampled to {edge:.2f} mm isotropic</source>
        <translation>{person} : voxels de {spacing} mm rééchantillonnés à {edge:.2f} mm isotropes</translation>
    </message>
    <message>
        <source>{path} is not on the grid of its volume {shape}: resample it first</source>
        <translation>{path} n&apos;est pas sur la grille de son volume {shape} : rééchantillonnez-le d&apos;abord</translation>
    </message>
    <message>
        <source>suffix {suffix}: write letters and digits, as BIDS has it (T1w, FLAIR)</source>
        <translation>suffixe {suffix} : écrivez des lettres et des chiffres, comme dans BIDS (T1w, FLAIR)</translation>
    </message>
    <message>
        <source>{path} cannot be read: {why}</source>
        <translation>{path} est illisible : {why}</translation>
    </message>
    <message>
        <source>sub-{person}: {why}</source>
        <translation>sub-{person} : {why}</translation>
    </message>
    <message>
        <source>device {name!r}: choose auto, cpu, cuda, cuda:NUMBER or mps</source>
        <translation>processeur {name!r} : choisissez auto, cpu, cuda, cuda:NUMBER ou mps</translation>
    </message>
    <message>
        <source>stopped: the program that reads the events has ended</source>
        <translation>arrêté : le programme qui lit les événements s&apos;est terminé</translation>
    </message>
    <message>
        <source>stopped: the unfinished part was not written</source>
        <translation>arrêté : la partie inachevée n&apos;a pas été écrite</translation>
    </message>
    <message>
        <source>interpolation {kind!r}: choose one of {interpolations}</source>
        <translation>interpolation {kind!r} : choisissez parmi {interpolations}</translation>
    </message>
    <message>
        <source>intensities in the brain range from {low:.6g} to {high:.6g}: make 0 mean no signal, as methods assume</source>
        <translation>les intensités dans le cerveau vont de {low:.6g} à {high:.6g} : faites que 0 signifie l&apos;absence de signal, comme les méthodes le supposent</translation>
    </message>
    <message>
        <source>modality {given}: choose {modalities}</source>
        <translation>modalité {given} : choisissez {modalities}</translation>
    </message>
    <message>
        <source>resolution {told}: give the width of the point spread along i, j and k in mm, for example 1.6,1.6,5</source>
        <translation>résolution {told} : donnez l&apos;étalement du point selon i, j et k en mm, par exemple 1.6,1.6,5</translation>
    </message>
    <message>
        <source>slice axis {override}: choose 0, 1 or 2 (i, j or k)</source>
        <translation>axe des coupes {override} : choisissez 0, 1 ou 2 (i, j ou k)</translation>
    </message>
    <message>
        <source>a grid of {told} voxels is too large: crop the volume first</source>
        <translation>une grille de {told} voxels est trop grande : recadrez d&apos;abord le volume</translation>
    </message>
    <message>
        <source>output grid {asked!r}: choose model, isotropic or voxels of {least:g} to {most:g} mm</source>
        <translation>grille de sortie {asked!r} : choisissez model, isotropic ou des voxels de {least:g} à {most:g} mm</translation>
    </message>
    <message>
        <source>the truth has mean {mean:.4g} inside the mask: NRMSE needs a positive mean</source>
        <translation>la vérité terrain a la moyenne {mean:.4g} dans le masque : la NRMSE demande une moyenne positive</translation>
    </message>
    <message>
        <source>the truth is {top:g} everywhere inside the mask: there is no structure to compare</source>
        <translation>la vérité terrain vaut {top:g} partout dans le masque : il n&apos;y a pas de structure à comparer</translation>
    </message>
    <message>
        <source>truth {shape} and estimate {shape2} differ in shape: resample one first</source>
        <translation>la vérité terrain {shape} et l&apos;estimation {shape2} diffèrent de forme : rééchantillonnez d&apos;abord l&apos;une des deux</translation>
    </message>
    <message>
        <source>mask {shape} and truth {shape2} differ in shape: resample one first</source>
        <translation>le masque {shape} et la vérité terrain {shape2} diffèrent de forme : rééchantillonnez d&apos;abord l&apos;un des deux</translation>
    </message>
    <message>
        <source>the volume has shape {shape}: SSIM needs {reach} voxels along every axis</source>
        <translation>le volume a la forme {shape} : le SSIM demande {reach} voxels selon chaque axe</translation>
    </message>
    <message>
        <source>the mask is empty: nothing to compare</source>
        <translation>le masque est vide : rien à comparer</translation>
    </message>
    <message>
        <source>the tissue maps have shape {shape}, the volume {shape2}: they must share a grid</source>
        <translation>les cartes de tissus ont la forme {shape}, le volume {shape2} : ils doivent avoir la même grille</translation>
    </message>
    <message>
        <source>the noise has standard deviation {sigma:g}: the signal-to-noise ratio is undefined</source>
        <translation>le bruit a l&apos;écart type {sigma:g} : le rapport signal sur bruit n&apos;est pas défini</translation>
    </message>
    <message>
        <source>the noise cannot be measured ({reason}), so there is no signal-to-noise ratio</source>
        <translation>le bruit ne peut pas être mesuré ({reason}), il n&apos;y a donc pas de rapport signal sur bruit</translation>
    </message>
    <message>
        <source>only {pure} voxels of pure {name}, but {minimum_voxels} are needed: check the tissue maps</source>
        <translation>seulement {pure} voxels de {name} pure, mais il en faut {minimum_voxels} : vérifiez les cartes de tissus</translation>
    </message>
    <message>
        <source>{count} voxels along an axis are fewer than a patch of {size}</source>
        <translation>{count} voxels selon un axe sont moins qu&apos;un patch de {size}</translation>
    </message>
    <message>
        <source>tissue maps can be estimated only for {brightness}, not for contrast {contrast!r}: pass maps</source>
        <translation>les cartes de tissus ne peuvent être estimées que pour {brightness}, pas pour le contraste {contrast!r} : donnez les cartes</translation>
    </message>
    <message>
        <source>the mask has shape {shape}, the volume {shape2}: they must share a grid</source>
        <translation>le masque a la forme {shape}, le volume {shape2} : ils doivent avoir la même grille</translation>
    </message>
    <message>
        <source>the mask has only {mask} voxels: pass one that covers the brain</source>
        <translation>le masque n&apos;a que {mask} voxels : donnez-en un qui couvre le cerveau</translation>
    </message>
    <message>
        <source>the volume is constant ({low:g}) inside the mask: there are no tissues to separate</source>
        <translation>le volume est constant ({low:g}) dans le masque : il n&apos;y a pas de tissus à séparer</translation>
    </message>
    <message>
        <source>tissue maps differ in shape: {shape}, {shape2}, {shape3}</source>
        <translation>les cartes de tissus diffèrent de forme : {shape}, {shape2}, {shape3}</translation>
    </message>
    <message>
        <source>tissue maps must be fractions: lowest {lowest:g}, largest sum {highest:g}</source>
        <translation>les cartes de tissus doivent être des fractions : minimum {lowest:g}, plus grande somme {highest:g}</translation>
    </message>
    <message>
        <source>unknown tissue label {unknown:g}: expected 0 none, 1 CSF, 2 GM, 3 WM</source>
        <translation>étiquette de tissu {unknown:g} inconnue : 0 aucun, 1 LCR, 2 SG, 3 SB sont attendues</translation>
    </message>
    <message>
        <source>{bad} of {size} voxels are NaN or infinite: replace them (for instance by 0) first</source>
        <translation>{bad} des {size} voxels sont NaN ou infinis : remplacez-les d&apos;abord (par exemple par 0)</translation>
    </message>
    <message>
        <source>voxels range from {low:g} to {high:g}, too wide for 32-bit numbers: rescale them first</source>
        <translation>les voxels vont de {low:g} à {high:g}, trop pour des nombres de 32 bits : changez d&apos;abord leur échelle</translation>
    </message>
    <message>
        <source>all voxels are {low:g}, so there is nothing to enhance: check the file or export it again</source>
        <translation>tous les voxels valent {low:g}, il n&apos;y a donc rien à améliorer : vérifiez le fichier ou exportez-le de nouveau</translation>
    </message>
    <message>
        <source>{path}: {why}</source>
        <translation>{path} : {why}</translation>
    </message>
    <message>
        <source>{path} cannot be read as {kind}: {why} (damaged? export it again)</source>
        <translation>{path} est illisible en {kind} : {why} (endommagé ? exportez-le de nouveau)</translation>
    </message>
    <message>
        <source>series {series!r} was asked for, but only DICOM has series: leave it out</source>
        <translation>la série {series!r} est demandée, mais seul DICOM a des séries : omettez-la</translation>
    </message>
    <message>
        <source>the file is empty: copy or export it again</source>
        <translation>le fichier est vide : copiez-le ou exportez-le de nouveau</translation>
    </message>
    <message>
        <source>mask {path} is not on the grid of the volume {shape}: resample it first</source>
        <translation>le masque {path} n&apos;est pas sur la grille du volume {shape} : rééchantillonnez-le d&apos;abord</translation>
    </message>
    <message>
        <source>mask {path} is empty: brain voxels must be above 0</source>
        <translation>le masque {path} est vide : les voxels du cerveau doivent être supérieurs à 0</translation>
    </message>
    <message>
        <source>{path}: cannot write this kind of file, choose one of {writable}</source>
        <translation>{path} : ce type de fichier ne peut pas être écrit, choisissez parmi {writable}</translation>
    </message>
    <message>
        <source>{path} is not written: {bad} of {size} voxels would be NaN or infinite</source>
        <translation>{path} n&apos;est pas écrit : {bad} des {size} voxels seraient NaN ou infinis</translation>
    </message>
    <message>
        <source>{path} cannot be written: {why} (is the disk full?)</source>
        <translation>{path} ne peut pas être écrit : {why} (le disque est-il plein ?)</translation>
    </message>
    <message>
        <source>the affine {affine} is not 4x4 with finite numbers: correct the header</source>
        <translation>la matrice affine {affine} n&apos;est pas 4x4 avec des nombres finis : corrigez l&apos;en-tête</translation>
    </message>
    <message>
        <source>the affine&apos;s last row is {affine} instead of 0, 0, 0, 1: correct the header</source>
        <translation>la dernière ligne de la matrice affine est {affine} au lieu de 0, 0, 0, 1 : corrigez l&apos;en-tête</translation>
    </message>
    <message>
        <source>voxel sizes {spacing} mm are invalid: correct the header</source>
        <translation>des voxels de {spacing} mm ne sont pas valides : corrigez l&apos;en-tête</translation>
    </message>
    <message>
        <source>voxel axes meet at {angle:.2f} instead of 90 degrees: resample to a right-angled grid first</source>
        <translation>les axes des voxels se coupent à {angle:.2f} au lieu de 90 degrés : rééchantillonnez d&apos;abord sur une grille à angles droits</translation>
    </message>
    <message>
        <source>voxels of {told} mm are not those of a head scan ({finest:g} to {coarsest:g} mm): correct the sizes or their unit</source>
        <translation>des voxels de {told} mm ne sont pas ceux d&apos;une image de la tête ({finest:g} à {coarsest:g} mm) : corrigez leur taille ou son unité</translation>
    </message>
    <message>
        <source>a field of view of {told} mm is too wide for a head: correct the voxel sizes, or crop the image</source>
        <translation>un champ de vue de {told} mm est trop large pour une tête : corrigez la taille des voxels ou recadrez l&apos;image</translation>
    </message>
    <message>
        <source>the array has shape {shape}: pass a 3D one with voxels in it</source>
        <translation>le tableau a la forme {shape} : donnez-en un en 3D qui contient des voxels</translation>
    </message>
    <message>
        <source>voxels are of type {dtype}: pass real numbers, one per voxel</source>
        <translation>les voxels sont de type {dtype} : donnez des nombres réels, un par voxel</translation>
    </message>
    <message>
        <source>{folder} is not a folder: choose the one that holds the DICOM files</source>
        <translation>{folder} n&apos;est pas un dossier : choisissez celui qui contient les fichiers DICOM</translation>
    </message>
    <message>
        <source>unknown image format: give .nii, .nii.gz, .nrrd, .mha or a folder of DICOM files</source>
        <translation>format d&apos;image inconnu : donnez .nii, .nii.gz, .nrrd, .mha ou un dossier de fichiers DICOM</translation>
    </message>
    <message>
        <source>{path} and {path2} are different images with the same SOPInstanceUID: one of them would be lost, export the series again</source>
        <translation>{path} et {path2} sont des images différentes avec le même SOPInstanceUID : l&apos;une serait perdue, exportez la série de nouveau</translation>
    </message>
    <message>
        <source>no DICOM images here: choose the folder that holds the files of one series</source>
        <translation>pas d&apos;images DICOM ici : choisissez le dossier qui contient les fichiers d&apos;une série</translation>
    </message>
    <message>
        <source>multi-frame (enhanced, mosaic) DICOM is not supported: convert it with dcm2niix first</source>
        <translation>le DICOM multi-images (enhanced, mosaic) n&apos;est pas pris en charge : convertissez-le d&apos;abord avec dcm2niix</translation>
    </message>
    <message>
        <source>the images are in colour: choose the series with the scan itself</source>
        <translation>les images sont en couleur : choisissez la série de l&apos;image elle-même</translation>
    </message>
    <message>
        <source>the images are inverted (MONOCHROME1): choose the series with the scan itself</source>
        <translation>les images sont inversées (MONOCHROME1) : choisissez la série de l&apos;image elle-même</translation>
    </message>
    <message>
        <source>the series is a single slice: give a whole volume</source>
        <translation>la série est une seule coupe : donnez un volume entier</translation>
    </message>
    <message>
        <source>slices differ in frame of reference: choose a series of a single scan</source>
        <translation>les coupes diffèrent par leur cadre de référence : choisissez une série d&apos;une seule image</translation>
    </message>
    <message>
        <source>slices differ in {name}: a localiser or a mixed series, choose one of a single volume</source>
        <translation>les coupes diffèrent par {name} : un localisateur ou une série mixte, choisissez-en une d&apos;un seul volume</translation>
    </message>
    <message>
        <source>slices lack position, orientation or pixel spacing: export the original series</source>
        <translation>les coupes n&apos;ont pas de position, d&apos;orientation ou d&apos;espacement des pixels : exportez la série d&apos;origine</translation>
    </message>
    <message>
        <source>{path} has a position or a rescale slope that is not a number: export it again</source>
        <translation>{path} a une position ou une pente d&apos;échelle qui n&apos;est pas un nombre : exportez-le de nouveau</translation>
    </message>
    <message>
        <source>{path} has pixels of {spacing} mm: export the original series</source>
        <translation>{path} a des pixels de {spacing} mm : exportez la série d&apos;origine</translation>
    </message>
    <message>
        <source>{path} has direction cosines of length {found} instead of 1: export it again</source>
        <translation>{path} a des cosinus directeurs de longueur {found} au lieu de 1 : exportez-le de nouveau</translation>
    </message>
    <message>
        <source>several slices share one position (echoes, times?): export each volume as a separate series</source>
        <translation>plusieurs coupes ont la même position (échos, temps ?) : exportez chaque volume comme une série à part</translation>
    </message>
    <message>
        <source>slices are {gaps:.3f} to {gaps2:.3f} mm apart, farthest after {path}: some are missing, copy or export the series again</source>
        <translation>les coupes sont espacées de {gaps:.3f} à {gaps2:.3f} mm, le plus après {path} : il en manque, copiez ou exportez la série de nouveau</translation>
    </message>
    <message>
        <source>the series is of modality {first}: choose the MR scan</source>
        <translation>la série est de modalité {first} : choisissez l&apos;image IRM</translation>
    </message>
    <message>
        <source>the series names no study (StudyInstanceUID): export it from the archive again</source>
        <translation>la série ne nomme pas d&apos;examen (StudyInstanceUID) : exportez-la de nouveau depuis l&apos;archive</translation>
    </message>
    <message>
        <source>the slices differ in {keyword}: choose a series of one scan</source>
        <translation>les coupes diffèrent par {keyword} : choisissez une série d&apos;une seule image</translation>
    </message>
    <message>
        <source>{path}: {path2}</source>
        <translation>{path} : {path2}</translation>
    </message>
    <message>
        <source>{path} cannot be read: {strerror}</source>
        <translation>{path} est illisible : {strerror}</translation>
    </message>
    <message>
        <source>more pixels than the header tells</source>
        <translation>plus de pixels que l&apos;en-tête n&apos;en annonce</translation>
    </message>
    <message>
        <source>{path} is a damaged DICOM file: copy it again, or remove it</source>
        <translation>{path} est un fichier DICOM endommagé : copiez-le de nouveau ou supprimez-le</translation>
    </message>
    <message>
        <source>{path} is deflated DICOM, which is not supported: save it uncompressed</source>
        <translation>{path} est du DICOM compressé (deflate), qui n&apos;est pas pris en charge : enregistrez-le sans compression</translation>
    </message>
    <message>
        <source>{existing} is not writable: choose another folder</source>
        <translation>{existing} est protégé en écriture : choisissez un autre dossier</translation>
    </message>
    <message>
        <source>{existing} is a link that leads nowhere: choose another folder</source>
        <translation>{existing} est un lien qui ne mène nulle part : choisissez un autre dossier</translation>
    </message>
    <message>
        <source>{existing} is a file, not a folder: choose another folder</source>
        <translation>{existing} est un fichier, pas un dossier : choisissez un autre dossier</translation>
    </message>
    <message>
        <source>{path} cannot be written ({strerror}): choose another name or folder</source>
        <translation>{path} ne peut pas être écrit ({strerror}) : choisissez un autre nom ou dossier</translation>
    </message>
    <message>
        <source>{target} is also an input, and inputs are never replaced: choose another name</source>
        <translation>{target} est aussi une entrée, et les entrées ne sont jamais remplacées : choisissez un autre nom</translation>
    </message>
    <message>
        <source>{path} was not written</source>
        <translation>{path} n&apos;a pas été écrit</translation>
    </message>
    <message>
        <source>another program is writing to {folder}: wait for it, or choose another name</source>
        <translation>un autre programme écrit dans {folder} : attendez-le ou choisissez un autre nom</translation>
    </message>
    <message>
        <source>cannot write to {parent}: {strerror}</source>
        <translation>impossible d&apos;écrire dans {parent} : {strerror}</translation>
    </message>
    <message>
        <source>cannot write to {parent}: {why}</source>
        <translation>impossible d&apos;écrire dans {parent} : {why}</translation>
    </message>
    <message>
        <source>another program has just written {path}: choose another name</source>
        <translation>un autre programme vient d&apos;écrire {path} : choisissez un autre nom</translation>
    </message>
    <message>
        <source>another program has just written {target}: choose another name</source>
        <translation>un autre programme vient d&apos;écrire {target} : choisissez un autre nom</translation>
    </message>
    <message>
        <source>other programs keep writing {target}: wait until they have finished</source>
        <translation>d&apos;autres programmes écrivent sans cesse {target} : attendez qu&apos;ils aient fini</translation>
    </message>
    <message>
        <source>cannot write into {folder}: {strerror}</source>
        <translation>impossible d&apos;écrire dans {folder} : {strerror}</translation>
    </message>
    <message>
        <source>no such file or folder</source>
        <translation>fichier ou dossier introuvable</translation>
    </message>
    <message>
        <source>a link to a file that is not here: fetch its content first (git annex get, datalad get)</source>
        <translation>un lien vers un fichier qui n&apos;est pas ici : récupérez d&apos;abord son contenu (git annex get, datalad get)</translation>
    </message>
    <message>
        <source>{shut} cannot be read: change its permissions, or move it out of {folder}</source>
        <translation>{shut} est illisible : changez ses permissions ou déplacez-le hors de {folder}</translation>
    </message>
    <message>
        <source>the voxels are colours, vectors or complex numbers ({kind}): save one real number per voxel</source>
        <translation>les voxels sont des couleurs, des vecteurs ou des nombres complexes ({kind}) : enregistrez un nombre réel par voxel</translation>
    </message>
    <message>
        <source>the file holds {unpacked} bytes of voxels instead of {claim}: copy or export it again</source>
        <translation>le fichier contient {unpacked} octets de voxels au lieu de {claim} : copiez-le ou exportez-le de nouveau</translation>
    </message>
    <message>
        <source>direction vectors in the header have lengths {lengths} instead of 1: correct it</source>
        <translation>les vecteurs de direction de l&apos;en-tête ont pour longueurs {lengths} au lieu de 1 : corrigez-le</translation>
    </message>
    <message>
        <source>the file is incomplete</source>
        <translation>le fichier est incomplet</translation>
    </message>
    <message>
        <source>the NRRD header is damaged: copy or export it again</source>
        <translation>l&apos;en-tête NRRD est endommagé : copiez ou exportez de nouveau le fichier</translation>
    </message>
    <message>
        <source>the voxels are encoded as {encoding}: save them raw or with gzip</source>
        <translation>les voxels sont codés en {encoding} : enregistrez-les bruts ou avec gzip</translation>
    </message>
    <message>
        <source>the NRRD header skips bytes before compressed voxels: save the image again</source>
        <translation>l&apos;en-tête NRRD saute des octets avant des voxels compressés : enregistrez de nouveau l&apos;image</translation>
    </message>
    <message>
        <source>the NRRD header does not name its voxel file: copy or export the image again</source>
        <translation>l&apos;en-tête NRRD ne nomme pas son fichier de voxels : copiez ou exportez de nouveau l&apos;image</translation>
    </message>
    <message>
        <source>the NRRD header states {name} twice: correct it</source>
        <translation>l&apos;en-tête NRRD indique {name} deux fois : corrigez-le</translation>
    </message>
    <message>
        <source>positions are in {units}: convert the header to mm</source>
        <translation>les positions sont en {units} : convertissez l&apos;en-tête en mm</translation>
    </message>
    <message>
        <source>the header states voxel sizes of {known} axes: add all three, or convert the image again</source>
        <translation>l&apos;en-tête indique la taille des voxels de {known} axes : ajoutez les trois ou convertissez de nouveau l&apos;image</translation>
    </message>
    <message>
        <source>the image does not have 2 to 4 dimensions: give a whole volume</source>
        <translation>l&apos;image n&apos;a pas de 2 à 4 dimensions : donnez un volume entier</translation>
    </message>
    <message>
        <source>the MetaImage header is damaged: copy or export it again</source>
        <translation>l&apos;en-tête MetaImage est endommagé : copiez ou exportez de nouveau le fichier</translation>
    </message>
    <message>
        <source>the header&apos;s {name} ({name2}) does not fit {dimensions} dimensions: correct it</source>
        <translation>le champ {name} de l&apos;en-tête ({name2}) ne va pas avec {dimensions} dimensions : corrigez-le</translation>
    </message>
    <message>
        <source>the file size does not match its header: copy or export it again</source>
        <translation>la taille du fichier ne correspond pas à son en-tête : copiez-le ou exportez-le de nouveau</translation>
    </message>
    <message>
        <source>positions are in {unit}: convert the header to mm</source>
        <translation>les positions sont en {unit} : convertissez l&apos;en-tête en mm</translation>
    </message>
    <message>
        <source>the header is damaged ({why}): copy or export it again</source>
        <translation>l&apos;en-tête est endommagé ({why}) : copiez ou exportez de nouveau le fichier</translation>
    </message>
    <message>
        <source>the header has {told} voxel sizes: add sizes in mm, or convert the image again</source>
        <translation>l&apos;en-tête a {told} tailles de voxel : ajoutez les tailles en mm ou convertissez de nouveau l&apos;image</translation>
    </message>
    <message>
        <source>the file is cut short: copy or export it again</source>
        <translation>le fichier est coupé : copiez-le ou exportez-le de nouveau</translation>
    </message>
    <message>
        <source>this is not a NIfTI image despite its name: convert it</source>
        <translation>malgré son nom, ce n&apos;est pas une image NIfTI : convertissez-la</translation>
    </message>
    <message>
        <source>the voxels are colours or complex numbers ({dtype}): save one real number per voxel</source>
        <translation>les voxels sont des couleurs ou des nombres complexes ({dtype}) : enregistrez un nombre réel par voxel</translation>
    </message>
    <message>
        <source>the header places the voxels at byte {raw:g}: correct it</source>
        <translation>l&apos;en-tête place les voxels à l&apos;octet {raw:g} : corrigez-le</translation>
    </message>
    <message>
        <source>the header scales voxels by {raw:g} and adds {raw2:g}: correct scl_slope</source>
        <translation>l&apos;en-tête multiplie les voxels par {raw:g} et ajoute {raw2:g} : corrigez scl_slope</translation>
    </message>
    <message>
        <source>the header has voxels of {bits} bits, and of a type that takes {stored}: convert it again</source>
        <translation>l&apos;en-tête a des voxels de {bits} bits, d&apos;un type qui en prend {stored} : convertissez-le de nouveau</translation>
    </message>
    <message>
        <source>the header has voxels of {told} mm and no sform: correct its pixdim, or convert it again</source>
        <translation>l&apos;en-tête a des voxels de {told} mm et pas de sform : corrigez son pixdim ou convertissez-le de nouveau</translation>
    </message>
    <message>
        <source>the file holds far more than its header says: copy or export it again</source>
        <translation>le fichier contient bien plus que son en-tête n&apos;annonce : copiez-le ou exportez-le de nouveau</translation>
    </message>
    <message>
        <source>{purpose} needs about {needed} of memory, but only {available} is available: close other programs, or crop or resample the image first</source>
        <translation>{purpose} demande environ {needed} de mémoire, mais il n&apos;y en a que {available} : fermez d&apos;autres programmes, recadrez ou rééchantillonnez d&apos;abord l&apos;image</translation>
    </message>
    <message>
        <source>the voxels are spread over several files ({name}): save them as one file</source>
        <translation>les voxels sont répartis sur plusieurs fichiers ({name}) : enregistrez-les en un seul</translation>
    </message>
    <message>
        <source>the header points to {name!r}, outside the header&apos;s folder: for safety that file is not opened</source>
        <translation>l&apos;en-tête renvoie à {name!r}, hors de son dossier : par sécurité, ce fichier n&apos;est pas ouvert</translation>
    </message>
    <message>
        <source>the image is empty (shape {shape}): export it again</source>
        <translation>l&apos;image est vide (forme {shape}) : exportez-la de nouveau</translation>
    </message>
    <message>
        <source>the image holds several volumes (shape {shape}): save the one to use in a file of its own</source>
        <translation>l&apos;image contient plusieurs volumes (forme {shape}) : enregistrez à part celui qui doit servir</translation>
    </message>
    <message>
        <source>the image is a single slice (shape {shape}): give a whole volume</source>
        <translation>l&apos;image est une seule coupe (forme {shape}) : donnez un volume entier</translation>
    </message>
    <message>
        <source>the header claims {voxels} voxels (shape {shape}), which is not a brain scan: correct it</source>
        <translation>l&apos;en-tête annonce {voxels} voxels (forme {shape}), ce qui n&apos;est pas une image du cerveau : corrigez-le</translation>
    </message>
    <message>
        <source>the file is too short for its shape {shape}: it is truncated, copy or export it again</source>
        <translation>le fichier est trop court pour sa forme {shape} : il est tronqué, copiez-le ou exportez-le de nouveau</translation>
    </message>
    <message>
        <source>{old} and {old2} are the same setting: give one of them</source>
        <translation>{old} et {old2} sont le même réglage : donnez l&apos;un des deux</translation>
    </message>
    <message>
        <source>{where}{unknown} is unknown: choose from {hints}</source>
        <translation>{where}{unknown} est inconnu : choisissez parmi {hints}</translation>
    </message>
    <message>
        <source>{where}{name} is not a name: names are text, in quotes where they look like numbers</source>
        <translation>{where}{name} n&apos;est pas un nom : les noms sont du texte, entre guillemets s&apos;ils ressemblent à des nombres</translation>
    </message>
    <message>
        <source>{where}{entry} is missing</source>
        <translation>{where}{entry} manque</translation>
    </message>
    <message>
        <source>{name} is {value}: it must be {fits}</source>
        <translation>{name} est {value} : ce doit être {fits}</translation>
    </message>
    <message>
        <source>{name} is {value}: choose one of {named}</source>
        <translation>{name} est {value} : choisissez parmi {named}</translation>
    </message>
    <message>
        <source>{name} is {value}: it must be a list of {count}</source>
        <translation>{name} est {value} : ce doit être une liste de {count}</translation>
    </message>
    <message>
        <source>the connection to the cluster was lost: repeat the command to continue</source>
        <translation>la connexion à la grappe est perdue : répétez la commande pour continuer</translation>
    </message>
    <message>
        <source>{parent} already has a thousand jobs from this second: try again</source>
        <translation>{parent} a déjà mille tâches de cette seconde : réessayez</translation>
    </message>
    <message>
        <source>another program is creating a job in {parent}: try again</source>
        <translation>un autre programme crée une tâche dans {parent} : réessayez</translation>
    </message>
    <message>
        <source>the job {other} is already writing {target}: wait for it or stop it first</source>
        <translation>la tâche {other} écrit déjà {target} : attendez-la ou arrêtez-la d&apos;abord</translation>
    </message>
    <message>
        <source>{folder} is not a job: date or details in {job} are invalid</source>
        <translation>{folder} n&apos;est pas une tâche : la date ou les détails de {job} ne sont pas valides</translation>
    </message>
    <message>
        <source>{folder} is not a job: {why}</source>
        <translation>{folder} n&apos;est pas une tâche : {why}</translation>
    </message>
    <message>
        <source>the job {value} is not finished: stop it first</source>
        <translation>la tâche {value} n&apos;est pas terminée : arrêtez-la d&apos;abord</translation>
    </message>
    <message>
        <source>cannot ask the job {value} to {request}: {strerror}</source>
        <translation>impossible de demander à la tâche {value} : {request} ({strerror})</translation>
    </message>
    <message>
        <source>{command} cannot be started for {folder}: {why}</source>
        <translation>{command} ne peut pas être lancé pour {folder} : {why}</translation>
    </message>
    <message>
        <source>another process is already working on {folder}: wait until it has finished</source>
        <translation>un autre processus travaille déjà sur {folder} : attendez qu&apos;il ait fini</translation>
    </message>
    <message>
        <source>cannot write to {folder}: {strerror}</source>
        <translation>impossible d&apos;écrire dans {folder} : {strerror}</translation>
    </message>
    <message>
        <source>stopped while waiting for its turn</source>
        <translation>arrêté en attendant son tour</translation>
    </message>
    <message>
        <source>method {method} states no interval: choose a model that does</source>
        <translation>la méthode {method} ne donne pas d&apos;intervalle : choisissez un modèle qui en donne</translation>
    </message>
    <message>
        <source>the result has voxels of {own:g} mm, the scan {finest:g} mm: for these choose the output grid isotropic</source>
        <translation>le résultat a des voxels de {own:g} mm, l&apos;image de {finest:g} mm : pour garder ceux-ci, choisissez la grille isotrope</translation>
    </message>
    <message>
        <source>the result does not resemble the scan (correlation {likeness:.2f}): give the scan before it was resampled, without an offset in its intensities, or state its resolution</source>
        <translation>le résultat ne ressemble pas à l&apos;image (corrélation {likeness:.2f}) : donnez l&apos;image d&apos;avant le rééchantillonnage, sans décalage de ses intensités, ou indiquez sa résolution</translation>
    </message>
    <message>
        <source>{model} makes {bad} of {size} voxels NaN or infinite: its weights are damaged or cannot cope with this scan, choose another model</source>
        <translation>{model} rend NaN ou infinis {bad} des {size} voxels : ses poids sont endommagés ou ne conviennent pas à cette image, choisissez un autre modèle</translation>
    </message>
    <message>
        <source>the brain mask is empty on the model&apos;s grid</source>
        <translation>le masque du cerveau est vide sur la grille du modèle</translation>
    </message>
    <message>
        <source>normalisation {normalisation!r}: this version knows {normalisations}</source>
        <translation>normalisation {normalisation!r} : cette version connaît {normalisations}</translation>
    </message>
    <message>
        <source>mean intensity inside the brain is {scale:.4g}: it must be positive</source>
        <translation>l&apos;intensité moyenne dans le cerveau est {scale:.4g} : elle doit être positive</translation>
    </message>
    <message>
        <source>an image of {shape} is too small for filters of {support}</source>
        <translation>une image de {shape} est trop petite pour des filtres de {support}</translation>
    </message>
    <message>
        <source>{path} is of other settings: start the training again</source>
        <translation>{path} provient d’autres réglages : recommencez l’entraînement</translation>
    </message>
    <message>
        <source>{path} cannot be read ({why}): start the training again</source>
        <translation>{path} est illisible ({why}) : recommencez l’entraînement</translation>
    </message>
    <message>
        <source>no registered pairs of {source} and {target}: WEENIE needs at least one subject with both</source>
        <translation>aucune paire recalée de {source} et {target} : WEENIE a besoin d’au moins un sujet avec les deux</translation>
    </message>
    <message>
        <source>WEENIE makes slices of another contrast: it does not enhance thick slices</source>
        <translation>WEENIE produit des coupes d’un autre contraste : il n’améliore pas les coupes épaisses</translation>
    </message>
    <message>
        <source>pseudo-pairs count {weight:.2f} of a pair</source>
        <translation>les pseudo-paires comptent pour {weight:.2f} d’une paire</translation>
    </message>
    <message>
        <source>total variation {tv}, rank {rank}: penalties must be 0 or above</source>
        <translation>variation totale {tv}, rang {rank} : les pénalités doivent être au moins 0</translation>
    </message>
    <message>
        <source>{atoms} atoms: IQT-DDL grows its dictionary by doubling, choose a power of two</source>
        <translation>{atoms} atomes : IQT-DDL agrandit son dictionnaire en le doublant, choisissez une puissance de deux</translation>
    </message>
    <message>
        <source>factor {factor}: choose 2 to 8</source>
        <translation>facteur {factor} : choisissez de 2 à 8</translation>
    </message>
    <message>
        <source>filters {filters}: choose 4 to 256, with filters + atoms a multiple of 4</source>
        <translation>filtres {filters} : choisissez de 4 à 256, filtres + atomes étant un multiple de 4</translation>
    </message>
    <message>
        <source>complement {complement!r}: choose centred or literal</source>
        <translation>complément {complement!r} : choisissez centred ou literal</translation>
    </message>
    <message>
        <source>planes of a scan of {told} voxels are too small for LIIF: it needs {smallest} each way</source>
        <translation>les plans d&apos;une image de {told} voxels sont trop petits pour LIIF : il en faut {smallest} dans chaque sens</translation>
    </message>
    <message>
        <source>window {window}: choose a multiple of 16 from 32 to 256</source>
        <translation>fenêtre {window} : choisissez un multiple de 16 de 32 à 256</translation>
    </message>
    <message>
        <source>overlap {overlap}: choose 0 to 0.75</source>
        <translation>recouvrement {overlap} : choisissez de 0 à 0.75</translation>
    </message>
    <message>
        <source>test-time augmentation {flips}: choose 1, 2 or 4</source>
        <translation>augmentation au test {flips} : choisissez 1, 2 ou 4</translation>
    </message>
    <message>
        <source>out of memory: {advice}</source>
        <translation>mémoire épuisée : {advice}</translation>
    </message>
    <message>
        <source>channels {channels}, blocks {blocks}: choose 4 to 256 and 1 to 8</source>
        <translation>canaux {channels}, blocs {blocks} : choisissez de 4 à 256 et de 1 à 8</translation>
    </message>
    <message>
        <source>factor {factor}: the anisotropic U-Net has 2, 4 or 8</source>
        <translation>facteur {factor} : le U-Net anisotrope a 2, 4 ou 8</translation>
    </message>
    <message>
        <source>filters {filters}: choose an even number from 2 to 64</source>
        <translation>filtres {filters} : choisissez un nombre pair de 2 à 64</translation>
    </message>
    <message>
        <source>there are no pairs to learn from: add volumes</source>
        <translation>il n&apos;y a pas de paires dont apprendre : ajoutez des volumes</translation>
    </message>
    <message>
        <source>{count} patches; principal components</source>
        <translation>{count} patchs ; composantes principales</translation>
    </message>
    <message>
        <source>only {count} textured patches for {atoms} atoms: add volumes</source>
        <translation>seulement {count} patchs texturés pour {atoms} atomes : ajoutez des volumes</translation>
    </message>
    <message>
        <source>{reduced} components; learning {atoms} atoms</source>
        <translation>{reduced} composantes ; apprentissage de {atoms} atomes</translation>
    </message>
    <message>
        <source>the brain of {person} is too thin for patches of {size} voxels</source>
        <translation>le cerveau de {person} est trop mince pour des patchs de {size} voxels</translation>
    </message>
    <message>
        <source>patch {patch}: choose 3, 5 or 7</source>
        <translation>patch {patch} : choisissez 3, 5 ou 7</translation>
    </message>
    <message>
        <source>{atoms} atoms: choose 16 to 4096</source>
        <translation>{atoms} atomes : choisissez de 16 à 4096</translation>
    </message>
    <message>
        <source>stride {stride}: choose 1 to the patch size {patch}</source>
        <translation>pas de déplacement {stride} : choisissez de 1 à la taille du patch {patch}</translation>
    </message>
    <message>
        <source>{patches} training patches for {atoms} atoms: choose more patches</source>
        <translation>{patches} blocs d&apos;entraînement pour {atoms} atomes : choisissez plus de blocs</translation>
    </message>
    <message>
        <source>LIIF: slices of one contrast at any scale</source>
        <translation>LIIF : coupes d&apos;un contraste, à toute échelle</translation>
    </message>
    <message>
        <source>{stated:g} mm are stated as resolution along {axis}, but voxels are {spacing:g} mm: name i, j, k in turn</source>
        <translation>{stated:g} mm sont donnés comme résolution selon {axis}, mais les voxels font {spacing:g} mm : indiquez i, j, k dans cet ordre</translation>
    </message>
    <message>
        <source>not all of its numbers are finite</source>
        <translation>tous ses nombres ne sont pas finis</translation>
    </message>
    <message>
        <source>the weights have atoms that are zero: they are damaged</source>
        <translation>les poids ont des atomes nuls : ils sont endommagés</translation>
    </message>
    <message>
        <source>a model grid of {size} voxels is smaller than a patch of {patch}</source>
        <translation>une grille de modèle de {size} voxels est plus petite qu&apos;un patch de {patch}</translation>
    </message>
    <message>
        <source>unknown method {name!r}: this version has {methods}</source>
        <translation>méthode {name!r} inconnue : cette version a {methods}</translation>
    </message>
    <message>
        <source>K-SVD does not converge: the training patches are not finite, check the volumes</source>
        <translation>K-SVD ne converge pas : les blocs d&apos;entraînement ne sont pas finis, vérifiez les volumes</translation>
    </message>
    <message>
        <source>codes and high-field dictionary</source>
        <translation>codes et dictionnaire à haut champ</translation>
    </message>
    <message>
        <source>the weights {found}: they do not match the method and settings of the card</source>
        <translation>les poids {found} : ils ne correspondent pas à la méthode et aux réglages de la fiche</translation>
    </message>
    <message>
        <source>the weights have {name} in 8 bits without factors that fit it: they are damaged</source>
        <translation>les poids ont {name} sur 8 bits sans facteurs qui y correspondent : ils sont endommagés</translation>
    </message>
    <message>
        <source>the weights have {name} of shape {shape}, but the card requires {shape2}</source>
        <translation>les poids ont {name} de forme {shape}, mais la fiche demande {shape2}</translation>
    </message>
    <message>
        <source>the weights have {name} of type {dtype}: expected {kind} numbers</source>
        <translation>les poids ont {name} de type {dtype} : des nombres {kind} sont attendus</translation>
    </message>
    <message>
        <source>the weights have {bad} values in {name} that are not finite: they are damaged</source>
        <translation>les poids ont {bad} valeurs non finies dans {name} : ils sont endommagés</translation>
    </message>
    <message>
        <source>the weights have a variance of {least:g} in {name}: they are damaged</source>
        <translation>les poids ont une variance de {least:g} dans {name} : ils sont endommagés</translation>
    </message>
    <message>
        <source>the weights have {least:g} in {name}, which must be above 0: they are damaged</source>
        <translation>les poids ont {least:g} dans {name}, qui doit être supérieur à 0 : ils sont endommagés</translation>
    </message>
    <message>
        <source>{path} is not a model card of format {format}</source>
        <translation>{path} n&apos;est pas une fiche de modèle au format {format}</translation>
    </message>
    <message>
        <source>{path} has unknown keys {names}: is it from a newer version?</source>
        <translation>{path} a des clés inconnues {names} : vient-il d&apos;une version plus récente ?</translation>
    </message>
    <message>
        <source>{path} is not a valid card: grid {grid} with thickness {thickness} and gap {gap}</source>
        <translation>{path} n&apos;est pas une fiche valide : grille {grid} avec épaisseur {thickness} et espace {gap}</translation>
    </message>
    <message>
        <source>{folder} holds no {card}: it is not a model folder</source>
        <translation>{folder} ne contient pas de {card} : ce n&apos;est pas un dossier de modèle</translation>
    </message>
    <message>
        <source>{path} is not a valid card: {why}</source>
        <translation>{path} n&apos;est pas une fiche valide : {why}</translation>
    </message>
    <message>
        <source>no interval: the scan is returned as it is</source>
        <translation>pas d&apos;intervalle : l&apos;image est rendue telle quelle</translation>
    </message>
    <message>
        <source>{weights}: {why}</source>
        <translation>{weights} : {why}</translation>
    </message>
    <message>
        <source>no model {name!r}: neither a folder nor one of {models}</source>
        <translation>pas de modèle {name!r} : ni un dossier, ni l&apos;un de {models}</translation>
    </message>
    <message>
        <source>model {name!r}: give a loaded model, or the name or folder of one</source>
        <translation>modèle {name!r} : donnez un modèle chargé, ou le nom ou le dossier d&apos;un modèle</translation>
    </message>
    <message>
        <source>{path} is not safetensors: pickled and foreign weights are refused, because they can run any code</source>
        <translation>{path} n&apos;est pas du safetensors : les poids « pickle » ou étrangers sont refusés, car ils peuvent exécuter n&apos;importe quel code</translation>
    </message>
    <message>
        <source>{folder} is not a model, so it is not overwritten: choose another name</source>
        <translation>{folder} n&apos;est pas un modèle et n&apos;est donc pas remplacé : choisissez un autre nom</translation>
    </message>
    <message>
        <source>{weights} cannot be written: {why} (is the disk full?)</source>
        <translation>{weights} ne peut pas être écrit : {why} (le disque est-il plein ?)</translation>
    </message>
    <message>
        <source>card: {method}, format {format}</source>
        <translation>fiche : {method}, format {format}</translation>
    </message>
    <message>
        <source>model {card} gives {shape} instead of {expected}: card and method do not fit</source>
        <translation>le modèle {card} donne {shape} au lieu de {expected} : la fiche et la méthode ne vont pas ensemble</translation>
    </message>
    <message>
        <source>trial: 24 x 24 x 6 voxels become {shape}, all finite</source>
        <translation>essai : 24 x 24 x 6 voxels deviennent {shape}, tous finis</translation>
    </message>
    <message>
        <source>weights: SHA-256 {found}... as the card says</source>
        <translation>poids : SHA-256 {found}... comme l&apos;indique la fiche</translation>
    </message>
    <message>
        <source>{card} has no option {foreign}: {can} can be set</source>
        <translation>{card} n&apos;a pas d&apos;option {foreign} : {can} peuvent être réglées</translation>
    </message>
    <message>
        <source>the card of {card} does not fit its method: {why}</source>
        <translation>la fiche de {card} ne va pas avec sa méthode : {why}</translation>
    </message>
    <message>
        <source>{folder} holds no {weights}{hint}</source>
        <translation>{folder} ne contient pas de {weights}{hint}</translation>
    </message>
    <message>
        <source>{path} is damaged or foreign: SHA-256 {found}..., the card says {card}...</source>
        <translation>{path} est endommagé ou étranger : SHA-256 {found}..., la fiche indique {card}...</translation>
    </message>
    <message>
        <source>{path} is not a safetensors file of numpy&apos;s number types: {why}</source>
        <translation>{path} n&apos;est pas un fichier safetensors aux types de nombres de numpy : {why}</translation>
    </message>
    <message>
        <source>{source}: {name!r} cannot be the name of a model: use letters, digits, &apos;.&apos;, &apos;_&apos; and &apos;-&apos;</source>
        <translation>{source} : {name!r} ne peut pas être le nom d&apos;un modèle : utilisez des lettres, des chiffres, &apos;.&apos;, &apos;_&apos; et &apos;-&apos;</translation>
    </message>
    <message>
        <source>there is a model {name} already: delete it first, or change the name on the card</source>
        <translation>il y a déjà un modèle {name} : supprimez-le d&apos;abord, ou changez le nom sur la fiche</translation>
    </message>
    <message>
        <source>{source} is not there: choose a zip file, or the folder of a model</source>
        <translation>{source} n&apos;existe pas : choisissez un fichier zip ou le dossier d&apos;un modèle</translation>
    </message>
    <message>
        <source>no temporary folder to unpack into ({strerror}): set TMPDIR to one</source>
        <translation>pas de dossier temporaire pour la décompression ({strerror}) : indiquez-en un par TMPDIR</translation>
    </message>
    <message>
        <source>{source} cannot be unpacked ({why}): give a zip file of card and weights</source>
        <translation>{source} ne peut pas être décompressé ({why}) : donnez un fichier zip de la fiche et des poids</translation>
    </message>
    <message>
        <source>{source} cannot be unpacked into {parent}: {strerror}</source>
        <translation>{source} ne peut pas être décompressé dans {parent} : {strerror}</translation>
    </message>
    <message>
        <source>{source} holds {count} files {file}: give a zip file of one model</source>
        <translation>{source} contient {count} fichiers {file} : donnez un fichier zip d&apos;un seul modèle</translation>
    </message>
    <message>
        <source>{source}: {file} would grow from {packed} to {size}: far too large for a model</source>
        <translation>{source} : {file} passerait de {packed} à {size} : bien trop grand pour un modèle</translation>
    </message>
    <message>
        <source>slice thickness {thickness} and gap {gap}: need thickness &gt;= 1 and gap &gt;= 0</source>
        <translation>épaisseur de coupe {thickness} et espace {gap} : il faut une épaisseur &gt;= 1 et un espace &gt;= 0</translation>
    </message>
    <message>
        <source>slice factor {factor} (thickness + gap) is outside 2 to 8</source>
        <translation>le facteur de coupe {factor} (épaisseur + espace) n&apos;est pas entre 2 et 8</translation>
    </message>
    <message>
        <source>mean intensity inside the brain is {scale:.4g}: give a scan in which 0 is no signal, or a mask</source>
        <translation>l&apos;intensité moyenne dans le cerveau est {scale:.4g} : donnez une image où 0 signifie l&apos;absence de signal, ou un masque</translation>
    </message>
    <message>
        <source>blur of {width} voxels with profile {profile!r}: choose 0 to 64 and gaussian or box</source>
        <translation>flou de {width} voxels avec le profil {profile!r} : choisissez de 0 à 64 et gaussian ou box</translation>
    </message>
    <message>
        <source>damping {damping}: it must be positive</source>
        <translation>amortissement {damping} : il doit être positif</translation>
    </message>
    <message>
        <source>length {length}, noise {noise} and spread {spread} must be positive</source>
        <translation>longueur {length}, bruit {noise} et étalement {spread} doivent être positifs</translation>
    </message>
    <message>
        <source>SNR distribution {name}: means and spreads must be {least:g} to {most:g}, correlation between -1 and 1</source>
        <translation>distribution du RSB {name} : moyennes et écarts doivent aller de {least:g} à {most:g}, la corrélation de -1 à 1</translation>
    </message>
    <message>
        <source>no SNR preset {name!r}: choose one of {presets}, or write five numbers (means of WM and GM, their spreads, correlation), comma-separated</source>
        <translation>pas de préréglage de RSB {name!r} : choisissez parmi {presets}, ou écrivez cinq nombres (moyennes de SB et SG, leurs écarts, corrélation) séparés par des virgules</translation>
    </message>
    <message>
        <source>noise {kind!r}: choose gaussian or rician</source>
        <translation>bruit {kind!r} : choisissez gaussian ou rician</translation>
    </message>
    <message>
        <source>fixed tissue {fixed!r}: choose WM or GM</source>
        <translation>tissu fixe {fixed!r} : choisissez WM ou GM</translation>
    </message>
    <message>
        <source>no pure white or grey matter on the low-field grid: are the tissue maps right?</source>
        <translation>pas de substance blanche ou grise pure sur la grille à bas champ : les cartes de tissus sont-elles justes ?</translation>
    </message>
    <message>
        <source>mean intensity of WM {wm_mean:.4g} and GM {gm_mean:.4g}: both must be positive</source>
        <translation>l&apos;intensité moyenne de la SB est {wm_mean:.4g}, celle de la SG {gm_mean:.4g} : les deux doivent être positives</translation>
    </message>
    <message>
        <source>the bounds of the SNR distribution reject almost every draw: widen them</source>
        <translation>les bornes de la distribution du RSB rejettent presque tous les tirages : élargissez-les</translation>
    </message>
    <message>
        <source>tissue maps {shape} and volume {shape2} differ in shape: resample one first</source>
        <translation>les cartes de tissus {shape} et le volume {shape2} diffèrent de forme : rééchantillonnez d&apos;abord l&apos;un des deux</translation>
    </message>
    <message>
        <source>{high} slices along axis {slice_axis} are too few for factor {factor}</source>
        <translation>{high} coupes selon l&apos;axe {slice_axis} sont trop peu pour le facteur {factor}</translation>
    </message>
    <message>
        <source>SNR {snr}: both must be positive, at least {least:g}</source>
        <translation>RSB {snr} : les deux doivent être positifs, d&apos;au moins {least:g}</translation>
    </message>
    <message>
        <source>the brain mask is empty</source>
        <translation>le masque du cerveau est vide</translation>
    </message>
    <message>
        <source>the enhanced volume does not lie where the scan&apos;s brain is: compare it as it was written</source>
        <translation>le volume amélioré ne se trouve pas là où est le cerveau de l&apos;image : comparez-le tel qu&apos;il a été écrit</translation>
    </message>
    <message>
        <source>the enhanced volume does not show the scan (rank correlation {alike:.2f}): compare it with the scan that it was made from</source>
        <translation>le volume amélioré ne montre pas l&apos;image (corrélation de rang {alike:.2f}) : comparez-le avec l&apos;image dont il provient</translation>
    </message>
    <message>
        <source>the enhanced volume is rotated relative to the scan: compare it as it was written</source>
        <translation>le volume amélioré est tourné par rapport à l&apos;image : comparez-le tel qu&apos;il a été écrit</translation>
    </message>
    <message>
        <source>the bias field was taken out of it all the same</source>
        <translation>le champ de biais en a été retiré malgré tout</translation>
    </message>
    <message>
        <source>model {card} is for axial slices with pixels of {finest:g} to {coarsest:g} mm, these have {sizes}: resample the volume</source>
        <translation>le modèle {card} est fait pour des coupes axiales aux pixels de {finest:g} à {coarsest:g} mm, celles-ci ont {sizes} : rééchantillonnez le volume</translation>
    </message>
    <message>
        <source>a training of {method} has no parts to resume from: start it again</source>
        <translation>un entraînement de {method} n’a pas d’étapes d’où reprendre : recommencez-le</translation>
    </message>
    <message>
        <source>weights of {bits} bits change the score by {change:+.3f} %</source>
        <translation>des poids de {bits} bits changent le score de {change:+.3f} %</translation>
    </message>
    <message>
        <source>a restoration is trained on scans of any kind</source>
        <translation>une restauration s&apos;entraîne sur des images de toute sorte</translation>
    </message>
    <message>
        <source>a network on slices is trained on slices as they are</source>
        <translation>un réseau sur des coupes s&apos;entraîne sur les coupes telles qu&apos;elles sont</translation>
    </message>
    <message>
        <source>{path} is missing: to learn from volumes choose the recipe liif-volumes</source>
        <translation>{path} manque : pour apprendre à partir de volumes, choisissez la recette liif-volumes</translation>
    </message>
    <message>
        <source>no slice is left to learn from: leave out fewer</source>
        <translation>il ne reste aucune coupe pour apprendre : écartez-en moins</translation>
    </message>
    <message>
        <source>source and target are both {contrast}: name two contrasts</source>
        <translation>la source et la cible sont toutes deux {contrast} : nommez deux contrastes</translation>
    </message>
    <message>
        <source>voxels of {spacing} mm, but the recipe is for pixels of about {pixel:g} mm (slices.pixel)</source>
        <translation>voxels de {spacing} mm, mais la recette attend des pixels d’environ {pixel:g} mm (slices.pixel)</translation>
    </message>
    <message>
        <source>whole_scans.weights: {pattern} fits no subject to train on ({known}): correct it</source>
        <translation>whole_scans.weights : {pattern} ne désigne aucun sujet d&apos;entraînement ({known}) : corrigez-le</translation>
    </message>
    <message>
        <source>model {card} is loaded: give the options to `store.load` instead</source>
        <translation>le modèle {card} est chargé : donnez plutôt les options à `store.load`</translation>
    </message>
    <message>
        <source>model {card} does not use a resolution: only any-scan methods do, such as wiener</source>
        <translation>le modèle {card} n&apos;utilise pas la résolution : seules les méthodes pour toute image l&apos;utilisent, comme wiener</translation>
    </message>
    <message>
        <source>model {card} does not use a modality: only models that give another contrast do</source>
        <translation>le modèle {card} n&apos;utilise pas la modalité : seuls les modèles qui donnent un autre contraste l&apos;utilisent</translation>
    </message>
    <message>
        <source>model {card} returns an empty brain: its weights do not suit this scan</source>
        <translation>le modèle {card} rend un cerveau vide : ses poids ne conviennent pas à cette image</translation>
    </message>
    <message>
        <source>model {card} states no interval: choose a model that does</source>
        <translation>le modèle {card} ne donne pas d&apos;intervalle : choisissez un modèle qui en donne</translation>
    </message>
    <message>
        <source>mask {shape} and volume {other} differ in shape: resample one first</source>
        <translation>le masque {shape} et le volume {other} diffèrent de forme : rééchantillonnez d&apos;abord l&apos;un des deux</translation>
    </message>
    <message>
        <source>no improvement in {waited} validations: stopping at step {global_step}</source>
        <translation>pas d&apos;amélioration en {waited} validations : arrêt au pas {global_step}</translation>
    </message>
    <message>
        <source>step {global_step}: {text_}{better}</source>
        <translation>pas {global_step} : {text_}{better}</translation>
    </message>
    <message>
        <source> (best so far)</source>
        <translation> (meilleur jusqu&apos;ici)</translation>
    </message>
    <message>
        <source>{path} is a checkpoint of another network: use the recipe that it was made with</source>
        <translation>{path} est un point de reprise d&apos;un autre réseau : utilisez la recette avec laquelle il a été fait</translation>
    </message>
    <message>
        <source>{path} is not there: nothing to resume</source>
        <translation>{path} n&apos;existe pas : rien à reprendre</translation>
    </message>
    <message>
        <source>{path} is not a complete checkpoint: {why}</source>
        <translation>{path} n&apos;est pas un point de reprise complet : {why}</translation>
    </message>
    <message>
        <source>recipe {name} is not one of method {method}</source>
        <translation>la recette {name} n&apos;est pas de la méthode {method}</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>validation</translation>
    </message>
    <message>
        <source>{source} has only subjects that are excluded or held out: none is left to train on</source>
        <translation>{source} n&apos;a que des sujets exclus ou réservés : aucun ne reste pour l&apos;entraînement</translation>
    </message>
    <message>
        <source>no usable volume below {source}</source>
        <translation>aucun volume utilisable sous {source}</translation>
    </message>
    <message>
        <source>method {method} has no dictionaries: write a recipe of its own for it</source>
        <translation>la méthode {method} n&apos;a pas de dictionnaires : écrivez une recette pour elle</translation>
    </message>
    <message>
        <source>slice_axes is empty: choose from i, j and k</source>
        <translation>slice_axes est vide : choisissez parmi i, j et k</translation>
    </message>
    <message>
        <source>{both} would be in both validation and test: choose one</source>
        <translation>{both} serait à la fois en validation et en test : choisissez l&apos;un des deux</translation>
    </message>
    <message>
        <source>training needs at least one subject to train on and another for validation: add volumes</source>
        <translation>l&apos;entraînement demande au moins un sujet pour apprendre et un autre pour la validation : ajoutez des volumes</translation>
    </message>
    <message>
        <source>no subject below {source} is left to train on</source>
        <translation>aucun sujet sous {source} ne reste pour l&apos;entraînement</translation>
    </message>
    <message>
        <source>{what} became not finite at step {step} (subjects in the batch: {people}): stopped, {best} and {last} keep the last good state; a lower training.learning_rate or training.clip=1 helps</source>
        <translation>{what} n&apos;est plus fini au pas {step} (sujets du lot : {people}) : arrêt, {best} et {last} gardent le dernier bon état ; un training.learning_rate plus petit ou training.clip=1 aident</translation>
    </message>
    <message>
        <source>{last} is at step {first} of {steps}: there is nothing left to train</source>
        <translation>{last} est au pas {first} sur {steps} : il ne reste rien à entraîner</translation>
    </message>
    <message>
        <source>the memory of {device} ran out in training: {advice}</source>
        <translation>la mémoire de {device} est épuisée à l&apos;entraînement : {advice}</translation>
    </message>
    <message>
        <source>{card} was trained on {both}, who are for validation here: choose other subjects</source>
        <translation>{card} a été entraîné sur {both}, qui servent ici à la validation : choisissez d&apos;autres sujets</translation>
    </message>
    <message>
        <source>{card} is a model of method {method}, the recipe is one of {method2}</source>
        <translation>{card} est un modèle de la méthode {method}, la recette est de {method2}</translation>
    </message>
    <message>
        <source>batch normalisation over {count} batches: score {again:.4f} after {scores:.4f}{better}</source>
        <translation>normalisation par lots sur {count} lots : score {again:.4f} après {scores:.4f}{better}</translation>
    </message>
    <message>
        <source>, not kept</source>
        <translation>, non retenu</translation>
    </message>
    <message>
        <source>slice axes {letters!r}: choose from i, j and k, comma-separated</source>
        <translation>axes des coupes {letters!r} : choisissez parmi i, j et k, séparés par des virgules</translation>
    </message>
    <message>
        <source>{name} is {held}: it must be a set of named values</source>
        <translation>{name} est {held} : ce doit être un ensemble de valeurs nommées</translation>
    </message>
    <message>
        <source>whole_scans: only a restoration is trained on whole scans, {method} is none</source>
        <translation>whole_scans : seule une restauration s&apos;entraîne sur des images entières, {method} n&apos;en est pas une</translation>
    </message>
    <message>
        <source>data.patch: whole_scans.sizes says how large patches are, leave it out</source>
        <translation>data.patch : whole_scans.sizes donne la taille des patchs, omettez-le</translation>
    </message>
    <message>
        <source>training.{name}: whole_scans.sizes has the patches of a batch, leave it out</source>
        <translation>training.{name} : whole_scans.sizes donne les patchs d&apos;un lot, omettez-le</translation>
    </message>
    <message>
        <source>no recipe {path!r}: neither a .toml or .yaml file nor one of {shipped}</source>
        <translation>pas de recette {path!r} : ni un fichier .toml ou .yaml, ni l&apos;une de {shipped}</translation>
    </message>
    <message>
        <source>model {card} synthesises slices as they are, on its own voxels</source>
        <translation>le modèle {card} synthétise les coupes telles quelles, sur ses propres voxels</translation>
    </message>
    <message>
        <source>model {card} finds no brain, which a bias field is estimated in</source>
        <translation>le modèle {card} ne cherche pas le cerveau, où un champ de biais serait estimé</translation>
    </message>
    <message>
        <source>recipe {path} holds no named values</source>
        <translation>la recette {path} ne contient pas de valeurs nommées</translation>
    </message>
    <message>
        <source>recipe {path} cannot be read: {why}</source>
        <translation>la recette {path} est illisible : {why}</translation>
    </message>
    <message>
        <source>data.validation_sets is empty: name at least one SNR preset</source>
        <translation>data.validation_sets est vide : nommez au moins un préréglage de RSB</translation>
    </message>
    <message>
        <source>batch {batch} is not a multiple of people {people}</source>
        <translation>le lot {batch} n&apos;est pas un multiple du nombre de sujets {people}</translation>
    </message>
    <message>
        <source>slice profiles of factor {factors} contradict factor {factor}</source>
        <translation>les profils de coupe de facteur {factors} contredisent le facteur {factor}</translation>
    </message>
    <message>
        <source>recipes are for the deep methods: {method} is not one</source>
        <translation>les recettes sont pour les méthodes profondes : {method} n&apos;en est pas une</translation>
    </message>
    <message>
        <source>settings.factor {factor} contradicts data.factor {other}</source>
        <translation>settings.factor {factor} contredit data.factor {other}</translation>
    </message>
    <message>
        <source>patch {edge}: choose a multiple of {multiple}</source>
        <translation>patch {edge} : choisissez un multiple de {multiple}</translation>
    </message>
    <message>
        <source>slices: only a network on slices has this section, {method} is none</source>
        <translation>slices : seul un réseau sur des coupes a cette section, {method} n&apos;en est pas un</translation>
    </message>
    <message>
        <source>{told}: {why}, leave it out</source>
        <translation>{told} : {why}, omettez-le</translation>
    </message>
    <message>
        <source>it repeats parts by aliases (*name): write them out</source>
        <translation>des parties sont répétées par des alias (*name) : écrivez-les en entier</translation>
    </message>
    <message>
        <source>{source} holds no scan of the subjects for validation: check the names</source>
        <translation>{source} n&apos;a aucune image des sujets de validation : vérifiez les noms</translation>
    </message>
    <message>
        <source>no scan of {strangers}, named in the recipe: are the names right?</source>
        <translation>pas d&apos;image de {strangers}, nommé dans la recette : les noms sont-ils justes ?</translation>
    </message>
    <message>
        <source>{folder} holds no training run: nothing to resume</source>
        <translation>{folder} ne contient pas d&apos;entraînement : rien à reprendre</translation>
    </message>
    <message>
        <source>the recipe is not the one of {kept}: resume with that, or train under another name</source>
        <translation>la recette n&apos;est pas celle de {kept} : reprenez avec celle-là, ou entraînez sous un autre nom</translation>
    </message>
    <message>
        <source>{folder} is not a training run, so it is not touched: choose another name for the model</source>
        <translation>{folder} n&apos;est pas un entraînement et n&apos;est donc pas touché : choisissez un autre nom pour le modèle</translation>
    </message>
    <message>
        <source>{folder} cannot be moved aside: {strerror}</source>
        <translation>{folder} ne peut pas être mis de côté : {strerror}</translation>
    </message>
    <message>
        <source>the older run stays in {free} until the new model is written</source>
        <translation>l&apos;ancien entraînement reste dans {free} jusqu&apos;à ce que le nouveau modèle soit écrit</translation>
    </message>
    <message>
        <source>{parent} began with other scans or roles of {told}: resume it with the same ones, or train under another name</source>
        <translation>{parent} a commencé avec d&apos;autres images ou rôles de {told} : reprenez-le avec les mêmes, ou entraînez sous un autre nom</translation>
    </message>
    <message>
        <source>{path} cannot be read ({why}): the run cannot be resumed, train under another name</source>
        <translation>{path} est illisible ({why}) : l&apos;entraînement ne peut pas être repris, entraînez sous un autre nom</translation>
    </message>
    <message>
        <source>{person}: a brain of {size} voxels is smaller than a patch of {patch}</source>
        <translation>{person} : un cerveau de {size} voxels est plus petit qu&apos;un patch de {patch}</translation>
    </message>
    <message>
        <source>patch {patch}: choose at least 16, a multiple of the factor {factor}</source>
        <translation>patch {patch} : choisissez au moins 16, un multiple du facteur {factor}</translation>
    </message>
    <message>
        <source>{people} subjects in a batch are too few for {world} processes: choose fewer processes, or set training.people={world} and a multiple of it as training.batch</source>
        <translation>{people} sujets par lot sont trop peu pour {world} processus : choisissez moins de processus, ou training.people={world} et un multiple pour training.batch</translation>
    </message>
    <message>
        <source>{fewest} patches in a batch are too few for {world} processes: choose fewer, or more patches in whole_scans.sizes</source>
        <translation>{fewest} patchs par lot sont trop peu pour {world} processus : choisissez moins de processus, ou plus de patchs dans whole_scans.sizes</translation>
    </message>
    <message>
        <source>training.precision is {chosen!r}: {device} trains in {able} only</source>
        <translation>training.precision est {chosen!r} : {device} n&apos;entraîne qu&apos;en {able}</translation>
    </message>
    <message>
        <source>variation.profiles is empty: name at least one thickness and gap</source>
        <translation>variation.profiles est vide : nommez au moins une épaisseur et un espace</translation>
    </message>
    <message>
        <source>variation.{name} {low} to {high}: the first number must not be larger</source>
        <translation>variation.{name} {low} à {high} : le premier nombre ne doit pas être le plus grand</translation>
    </message>
    <message>
        <source>slices.scales is empty: name at least one</source>
        <translation>slices.scales est vide : nommez-en au moins une</translation>
    </message>
    <message>
        <source>slices.free {free} and slices.thick {thick}: together they may be 1 at most</source>
        <translation>slices.free {free} et slices.thick {thick} : leur somme doit être au plus 1</translation>
    </message>
    <message>
        <source>slices of {smallest} pixels are too small for a patch of {patch} at scale {largest:g}: choose data.patch={largest2}</source>
        <translation>des coupes de {smallest} pixels sont trop petites pour un patch de {patch} à l&apos;échelle {largest:g} : choisissez data.patch={largest2}</translation>
    </message>
    <message>
        <source>{source}: {both} would be in both training and validation: choose one</source>
        <translation>{source} : {both} serait à la fois en entraînement et en validation : choisissez l&apos;un des deux</translation>
    </message>
    <message>
        <source>no slice of {strangers}, named in the recipe: are the names right?</source>
        <translation>aucune coupe de {strangers}, nommé dans la recette : les noms sont-ils justes ?</translation>
    </message>
    <message>
        <source>no slice is left to train on or to validate with: exclude fewer subjects</source>
        <translation>aucune coupe ne reste pour l&apos;entraînement ou la validation : excluez moins de sujets</translation>
    </message>
    <message>
        <source>tested; subjects: {count}</source>
        <translation>testé ; sujets : {count}</translation>
    </message>
    <message>
        <source>the model was not tested: {why}</source>
        <translation>le modèle n&apos;a pas été testé : {why}</translation>
    </message>
    <message>
        <source>none of {plan} has a usable scan below {source}</source>
        <translation>aucun de {plan} n&apos;a d&apos;image utilisable sous {source}</translation>
    </message>
    <message>
        <source>{path} is left out of the test: {why}</source>
        <translation>{path} est laissé hors du test : {why}</translation>
    </message>
    <message>
        <source>whole_scans.sizes is empty: name an edge and a number of patches, [[64, 32]]</source>
        <translation>whole_scans.sizes est vide : nommez un côté et un nombre de patchs, [[64, 32]]</translation>
    </message>
    <message>
        <source>whole_scans.contrast {told}: CSF, grey and white matter must ascend between 0 and {brightest}</source>
        <translation>whole_scans.contrast {told} : LCR, substance grise et blanche doivent croître entre 0 et {brightest}</translation>
    </message>
    <message>
        <source>whole_scans.pool {pool} is smaller than a batch of {count} patches</source>
        <translation>whole_scans.pool {pool} est plus petit qu&apos;un lot de {count} patchs</translation>
    </message>
    <message>
        <source>whole_scans.rim {rim} leaves nothing of a patch of {edge}</source>
        <translation>whole_scans.rim {rim} ne laisse rien d&apos;un patch de {edge}</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.CommandNode</name>
    <message>
        <source>Stopped by the user</source>
        <translation>Arrêté par l&apos;utilisateur</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.ComparePanel</name>
    <message>
        <source>Measuring...</source>
        <translation>Mesure...</translation>
    </message>
    <message>
        <source>Folder for the new DICOM series</source>
        <translation>Dossier de la nouvelle série DICOM</translation>
    </message>
    <message>
        <source>Writing DICOM...</source>
        <translation>Écriture DICOM...</translation>
    </message>
    <message>
        <source>Write a DICOM series that is derived from the scan.</source>
        <translation>Écrire une série DICOM dérivée de l&apos;image d&apos;origine.</translation>
    </message>
    <message>
        <source>Send the result to a PACS or a DICOMweb server.</source>
        <translation>Envoyer le résultat à un PACS ou à un serveur DICOMweb.</translation>
    </message>
    <message>
        <source>Wrote the DICOM series into {folder}.</source>
        <translation>Série DICOM écrite dans {folder}.</translation>
    </message>
    <message>
        <source>It is in the DICOM database.</source>
        <translation>C&apos;est dans la base DICOM.</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Comparison</name>
    <message>
        <source>{enhanced} over {input}, {share:.0%}</source>
        <translation>{enhanced} sur {input}, {share:.0%}</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Entrée</translation>
    </message>
    <message>
        <source>Enhanced</source>
        <translation>Amélioré</translation>
    </message>
    <message>
        <source>Not supported</source>
        <translation>Non soutenu</translation>
    </message>
    <message>
        <source>{enhanced} - {input}</source>
        <translation>{enhanced} - {input}</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Dependencies</name>
    <message>
        <source>Without internet: install the PyTorch extension and the packages in IQTEnhance/Resources/requirements.txt from files, as the page &apos;Install without internet&apos; of the documentation describes.</source>
        <translation>Sans internet : installez l&apos;extension PyTorch et les paquets de IQTEnhance/Resources/requirements.txt à partir de fichiers, comme le décrit la page « Install without internet » de la documentation.</translation>
    </message>
    <message>
        <source>The PyTorch extension is needed. Install it now? Slicer must be restarted afterwards.</source>
        <translation>L&apos;extension PyTorch est nécessaire. L&apos;installer maintenant ? Slicer devra ensuite être redémarré.</translation>
    </message>
    <message>
        <source>The package spams is not installed: sparse coding runs on PyTorch, more slowly.</source>
        <translation>Le paquet spams n&apos;est pas installé : le codage parcimonieux se fait avec PyTorch, plus lentement.</translation>
    </message>
    <message>
        <source>PyTorch is not installed</source>
        <translation>PyTorch n&apos;est pas installé</translation>
    </message>
    <message>
        <source>The PyTorch extension is not installed</source>
        <translation>L&apos;extension PyTorch n&apos;est pas installée</translation>
    </message>
    <message>
        <source>Install it in the Extensions Manager.</source>
        <translation>Installez-la dans le gestionnaire d&apos;extensions.</translation>
    </message>
    <message>
        <source>The PyTorch extension could not be installed</source>
        <translation>L&apos;extension PyTorch n&apos;a pas pu être installée</translation>
    </message>
    <message>
        <source>Restart Slicer, then press Apply again.</source>
        <translation>Redémarrez Slicer, puis appuyez de nouveau sur Appliquer.</translation>
    </message>
    <message>
        <source>Python packages are missing: {error}</source>
        <translation>Des paquets Python manquent : {error}</translation>
    </message>
    <message>
        <source>Press Apply again and agree.</source>
        <translation>Appuyez de nouveau sur Appliquer et acceptez.</translation>
    </message>
    <message>
        <source>Press Apply again.</source>
        <translation>Appuyez de nouveau sur Appliquer.</translation>
    </message>
    <message>
        <source>PyTorch could not be installed: {error}</source>
        <translation>PyTorch n&apos;a pas pu être installé : {error}</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Devices</name>
    <message>
        <source>Automatic (GPU if there is one)</source>
        <translation>Automatique (GPU s&apos;il y en a un)</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>Processeur central (CPU)</translation>
    </message>
    <message>
        <source>, {free:.1f} of {total:.1f} GiB free</source>
        <translation>, {free:.1f} Gio libres sur {total:.1f}</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Difference</name>
    <message>
        <source>a map of differences</source>
        <translation>une carte de différences</translation>
    </message>
    <message>
        <source>a map of what the scan does not support</source>
        <translation>une carte de ce que l&apos;image ne soutient pas</translation>
    </message>
    <message>
        <source>Not supported by the scan
(noise)</source>
        <translation>Non soutenu par l&apos;image
(bruit)</translation>
    </message>
    <message>
        <source>grey levels of the scan</source>
        <translation>niveaux de gris de l&apos;image</translation>
    </message>
    <message>
        <source>Enhanced - input
({units})</source>
        <translation>Amélioré - entrée
({units})</translation>
    </message>
    <message>
        <source>A volume was deleted while it was compared</source>
        <translation>Un volume a été supprimé pendant la comparaison</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Exchange</name>
    <message>
        <source>{name} has {count} numbers per voxel</source>
        <translation>{name} a {count} valeurs par voxel</translation>
    </message>
    <message>
        <source>The temporary folder has {free} MiB left, but {needed} MiB may be needed</source>
        <translation>Le dossier temporaire n&apos;a plus que {free} Mio, mais {needed} Mio peuvent être nécessaires</translation>
    </message>
    <message>
        <source>No volume was chosen</source>
        <translation>Aucun volume n&apos;a été choisi</translation>
    </message>
    <message>
        <source>Load a brain MRI and choose it as the input volume.</source>
        <translation>Chargez une IRM cérébrale et choisissez-la comme volume d&apos;entrée.</translation>
    </message>
    <message>
        <source>Choose a volume with an image.</source>
        <translation>Choisissez un volume qui contient une image.</translation>
    </message>
    <message>
        <source>Choose a grey-scale volume.</source>
        <translation>Choisissez un volume en niveaux de gris.</translation>
    </message>
    <message>
        <source>Harden that transform (Data module, right click), then try again.</source>
        <translation>Appliquez cette transformation définitivement (« Harden transform », module Data, clic droit), puis réessayez.</translation>
    </message>
    <message>
        <source>{name} cannot be written to the temporary folder</source>
        <translation>{name} ne peut pas être écrit dans le dossier temporaire</translation>
    </message>
    <message>
        <source>{name} has a non-linear parent transform</source>
        <translation>{name} a une transformation parente non linéaire</translation>
    </message>
    <message>
        <source>Try again; if it happens again, please report it.</source>
        <translation>Réessayez ; si cela se reproduit, merci de le signaler.</translation>
    </message>
    <message>
        <source>{name} has no voxels</source>
        <translation>{name} n&apos;a pas de voxels</translation>
    </message>
    <message>
        <source>The worker&apos;s result cannot be read ({error})</source>
        <translation>Le résultat du processus de calcul est illisible ({error})</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Export</name>
    <message>
        <source>Load the scan from the DICOM database, then enhance that volume.</source>
        <translation>Chargez l&apos;image depuis la base DICOM, puis améliorez ce volume.</translation>
    </message>
    <message>
        <source>The volume&apos;s scan is not in the scene</source>
        <translation>L&apos;image d&apos;origine du volume n&apos;est pas dans la scène</translation>
    </message>
    <message>
        <source>{missing} of {all} DICOM files of {name} are gone</source>
        <translation>{missing} des {all} fichiers DICOM de {name} ont disparu</translation>
    </message>
    <message>
        <source>Choose an enhanced volume and keep its input.</source>
        <translation>Choisissez un volume amélioré et gardez son entrée.</translation>
    </message>
    <message>
        <source>Import it in the module DICOM.</source>
        <translation>Importez-le dans le module DICOM.</translation>
    </message>
    <message>
        <source>{folder} could not be added to the DICOM database</source>
        <translation>{folder} n&apos;a pas pu être ajouté à la base DICOM</translation>
    </message>
    <message>
        <source>{name} was not loaded from DICOM</source>
        <translation>{name} n&apos;a pas été chargé depuis DICOM</translation>
    </message>
    <message>
        <source>{name} is not a DICOM series</source>
        <translation>{name} n&apos;est pas une série DICOM</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Folder</name>
    <message>
        <source>Load the scan in the DICOM module first.</source>
        <translation>Chargez d&apos;abord l&apos;image dans le module DICOM.</translation>
    </message>
    <message>
        <source>{folder} cannot be created ({error})</source>
        <translation>{folder} ne peut pas être créé ({error})</translation>
    </message>
    <message>
        <source>{name} has DICOM files</source>
        <translation>{name} contient des fichiers DICOM</translation>
    </message>
    <message>
        <source>Check that they are still there.</source>
        <translation>Vérifiez qu&apos;ils existent encore.</translation>
    </message>
    <message>
        <source>{name} already exists</source>
        <translation>{name} existe déjà</translation>
    </message>
    <message>
        <source>Move it out of {folder} to enhance the scan again.</source>
        <translation>Déplacez-le hors de {folder} pour améliorer l&apos;image de nouveau.</translation>
    </message>
    <message>
        <source>Choose scans in a folder that you may write to.</source>
        <translation>Choisissez des images dans un dossier où vous pouvez écrire.</translation>
    </message>
    <message>
        <source>The files cannot be loaded ({error})</source>
        <translation>Les fichiers ne peuvent pas être chargés ({error})</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.GaugePanel</name>
    <message>
        <source>The models know scans like this one.</source>
        <translation>Les modèles connaissent ce genre d&apos;image.</translation>
    </message>
    <message>
        <source>This scan is a little unusual.</source>
        <translation>Cette image est un peu inhabituelle.</translation>
    </message>
    <message>
        <source>This scan is unlike those that the models know: do not rely on the result.</source>
        <translation>Cette image ne ressemble pas à celles que les modèles connaissent : ne vous fiez pas au résultat.</translation>
    </message>
    <message>
        <source>Checking the scan...</source>
        <translation>Vérification de l&apos;image...</translation>
    </message>
    <message>
        <source>Another volume was chosen</source>
        <translation>Un autre volume a été choisi</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Help</name>
    <message>
        <source>
&lt;p&gt;&lt;b&gt;Image Quality Transfer&lt;/b&gt; estimates what a low-field brain MRI with thick slices would look like from a
high-field scanner: isotropic voxels, stronger contrast, less noise, with the position and units of the scan.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Models.&lt;/b&gt; The default, &lt;tt&gt;iqt-any&lt;/tt&gt;, takes any brain scan. Below the list, the panel says what the chosen
model is for, how it did on held-out subjects and what it must not be used for.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Limits.&lt;/b&gt; For research, not for diagnosis. The result is an estimate: detail between slices was never measured,
small lesions can fade, and intensities must not be used for quantitative measurements. Only the brain is enhanced.
Every trained model except &lt;tt&gt;iqt-any&lt;/tt&gt; is for one contrast (mostly T1w) and a range of voxel sizes; the panel warns
if a scan is outside.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Offline installation.&lt;/b&gt; Install the PyTorch extension from a file in the Extensions Manager and the packages in
&lt;tt&gt;requirements.txt&lt;/tt&gt; (in the module&apos;s Resources folder) from wheels;
the page &lt;i&gt;Install without internet&lt;/i&gt; of the documentation says how.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Please cite&lt;/b&gt; Eldaly AK, Figini M, Alexander DC. &lt;i&gt;Alternative Learning Paradigms for Image Quality
Transfer.&lt;/i&gt; Machine Learning for Biomedical Imaging 2024:027. &lt;a href=&quot;https://doi.org/10.59275/j.melba.2024-1656&quot;&gt;
doi 10.59275/j.melba.2024-1656&lt;/a&gt;&lt;/p&gt;
</source>
        <translation>
&lt;p&gt;&lt;b&gt;Image Quality Transfer&lt;/b&gt; estime l&apos;aspect qu&apos;aurait, sur un appareil à haut champ, une IRM cérébrale à bas champ
et à coupes épaisses : voxels isotropes, contraste plus fort, moins de bruit, avec la position et les unités de l&apos;image.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Modèles.&lt;/b&gt; Le modèle par défaut, &lt;tt&gt;iqt-any&lt;/tt&gt;, accepte toute image cérébrale. Sous la liste, le panneau dit à
quoi sert le modèle choisi, ce qu&apos;il a donné sur des sujets de test et à quoi il ne doit pas servir.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Limites.&lt;/b&gt; Pour la recherche, pas pour le diagnostic. Le résultat est une estimation : le détail entre les coupes
n&apos;a jamais été mesuré, de petites lésions peuvent s&apos;effacer, et les intensités ne doivent pas servir à des mesures
quantitatives. Seul le cerveau est amélioré. Tous les modèles entraînés sauf
&lt;tt&gt;iqt-any&lt;/tt&gt; valent pour un contraste (le plus souvent T1w) et une plage de tailles de voxel ; le panneau avertit
si une image en sort.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Installation hors ligne.&lt;/b&gt; Installez l&apos;extension PyTorch à partir d&apos;un fichier dans le gestionnaire d&apos;extensions, et
les paquets de &lt;tt&gt;requirements.txt&lt;/tt&gt; (dossier Resources du module) à partir de wheels ;
la page &lt;i&gt;Install without internet&lt;/i&gt; de la documentation explique comment.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Merci de citer&lt;/b&gt; Eldaly AK, Figini M, Alexander DC. &lt;i&gt;Alternative Learning Paradigms for Image Quality
Transfer.&lt;/i&gt; Machine Learning for Biomedical Imaging 2024:027. &lt;a href=&quot;https://doi.org/10.59275/j.melba.2024-1656&quot;&gt;
doi 10.59275/j.melba.2024-1656&lt;/a&gt;&lt;/p&gt;
</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Interval</name>
    <message>
        <source>a map of the interval&apos;s half-width</source>
        <translation>une carte de la demi-largeur de l&apos;intervalle</translation>
    </message>
    <message>
        <source>{coverage:.0%} interval
(+- grey levels)</source>
        <translation>Intervalle à {coverage:.0%}
(+- niveaux de gris)</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Jobs</name>
    <message>
        <source>The mask {mask} is not on the grid of {volume}</source>
        <translation>Le masque {mask} n&apos;est pas sur la grille de {volume}</translation>
    </message>
    <message>
        <source>The input or output volume was deleted while it was enhanced</source>
        <translation>Le volume d&apos;entrée ou de sortie a été supprimé pendant l&apos;amélioration</translation>
    </message>
    <message>
        <source>Resample it to that volume first (module Resample Scalar/Vector/DWI Volume), or choose no mask.</source>
        <translation>Rééchantillonnez-le d&apos;abord sur ce volume (module Resample Scalar/Vector/DWI Volume), ou ne choisissez pas de masque.</translation>
    </message>
    <message>
        <source>The output is the input volume</source>
        <translation>La sortie est le volume d&apos;entrée</translation>
    </message>
    <message>
        <source>Choose another output, or a new volume.</source>
        <translation>Choisissez une autre sortie, ou un nouveau volume.</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Logic</name>
    <message>
        <source>No volume was given</source>
        <translation>Aucun volume n&apos;a été donné</translation>
    </message>
    <message>
        <source>Pass one volume node or a list of them.</source>
        <translation>Passez un nœud de volume ou une liste de nœuds.</translation>
    </message>
    <message>
        <source>Pass lists of equal length, or None.</source>
        <translation>Passez des listes de même longueur, ou None.</translation>
    </message>
    <message>
        <source>One mask was given for several volumes</source>
        <translation>Un seul masque a été donné pour plusieurs volumes</translation>
    </message>
    <message>
        <source>Enhance them one by one.</source>
        <translation>Améliorez-les un par un.</translation>
    </message>
    <message>
        <source>Choose the folder of the scans.</source>
        <translation>Choisissez le dossier des images.</translation>
    </message>
    <message>
        <source>{outputs} outputs for {inputs} volumes</source>
        <translation>{outputs} sorties pour {inputs} volumes</translation>
    </message>
    <message>
        <source>{folder} contains no scan that can be enhanced</source>
        <translation>{folder} ne contient aucune image qui puisse être améliorée</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Measurement</name>
    <message>
        <source>NRMSE (RMSE / mean of the reference)</source>
        <translation>NRMSE (RMSE / moyenne de la référence)</translation>
    </message>
    <message>
        <source>NRMSE (RMSE / maximum)</source>
        <translation>NRMSE (RMSE / maximum)</translation>
    </message>
    <message>
        <source>SSIM (sigma 2.5)</source>
        <translation>SSIM (sigma 2,5)</translation>
    </message>
    <message>
        <source>SSIM (sigma 1.5, whole volume)</source>
        <translation>SSIM (sigma 1,5, volume entier)</translation>
    </message>
    <message>
        <source>PSNR (dB)</source>
        <translation>PSNR (dB)</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Mesure</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Messages</name>
    <message>
        <source>The worker was called with wrong arguments ({what})</source>
        <translation>Le processus de calcul a été appelé avec de mauvais arguments ({what})</translation>
    </message>
    <message>
        <source>The worker ended without a result</source>
        <translation>Le processus de calcul s&apos;est terminé sans résultat</translation>
    </message>
    <message>
        <source>The worker lacks a Python package ({what})</source>
        <translation>Il manque au processus de calcul un paquet Python ({what})</translation>
    </message>
    <message>
        <source>The worker process was terminated (code {code})</source>
        <translation>Le processus de calcul a été interrompu (code {code})</translation>
    </message>
    <message>
        <source>The worker process ended with code {code}</source>
        <translation>Le processus de calcul s&apos;est terminé avec le code {code}</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.ModelPanel</name>
    <message>
        <source>The device to compute on, with its free memory.</source>
        <translation>Le processeur de calcul, avec sa mémoire libre.</translation>
    </message>
    <message>
        <source>Other methods: the paper&apos;s, and classic ones</source>
        <translation>Autres méthodes : celles de l&apos;article et des classiques</translation>
    </message>
    <message>
        <source>Chosen: {name}</source>
        <translation>Choisi : {name}</translation>
    </message>
    <message>
        <source>GPUs cannot be listed yet: {reason}</source>
        <translation>Les GPU ne peuvent pas encore être listés : {reason}</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.ModelsPanel</name>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>For</source>
        <translation>Pour</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>Origin</source>
        <translation>Origine</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Méthode</translation>
    </message>
    <message>
        <source>Delete the selected model from your folder.</source>
        <translation>Supprimer le modèle sélectionné de votre dossier.</translation>
    </message>
    <message>
        <source>shipped</source>
        <translation>fourni</translation>
    </message>
    <message>
        <source>yours</source>
        <translation>personnel</translation>
    </message>
    <message>
        <source>any scan</source>
        <translation>toute image</translation>
    </message>
    <message>
        <source>Checking the model...</source>
        <translation>Vérification du modèle...</translation>
    </message>
    <message>
        <source>Model to import</source>
        <translation>Modèle à importer</translation>
    </message>
    <message>
        <source>Models (*.zip card.json)</source>
        <translation>Modèles (*.zip card.json)</translation>
    </message>
    <message>
        <source>built in</source>
        <translation>intégré</translation>
    </message>
    <message>
        <source>Folder of the model to import</source>
        <translation>Dossier du modèle à importer</translation>
    </message>
    <message>
        <source>Checking {name}...</source>
        <translation>Vérification de {name}...</translation>
    </message>
    <message>
        <source>Only your own models can be deleted.</source>
        <translation>Seuls vos propres modèles peuvent être supprimés.</translation>
    </message>
    <message>
        <source>{name} passed all checks: card, weights and a trial run.</source>
        <translation>{name} a réussi toutes les vérifications : fiche, poids et essai.</translation>
    </message>
    <message>
        <source>{name} is now in your models folder.</source>
        <translation>{name} est maintenant dans votre dossier de modèles.</translation>
    </message>
    <message>
        <source>Delete the model {name} from disk?</source>
        <translation>Supprimer le modèle {name} du disque ?</translation>
    </message>
    <message>
        <source>{name} was deleted.</source>
        <translation>{name} a été supprimé.</translation>
    </message>
    <message>
        <source>{name} cannot be deleted ({error})</source>
        <translation>{name} ne peut pas être supprimé ({error})</translation>
    </message>
    <message>
        <source>Delete its folder by hand.</source>
        <translation>Supprimez son dossier à la main.</translation>
    </message>
    <message>
        <source>Trained on {people}.</source>
        <translation>Entraîné sur {people}.</translation>
    </message>
    <message>
        <source>Version {version}, weights {sha}.</source>
        <translation>Version {version}, poids {sha}.</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Parameters</name>
    <message>
        <source>Largest spacing</source>
        <translation>Plus grand espacement</translation>
    </message>
    <message>
        <source>Isotropic, slice spacing / factor</source>
        <translation>Isotropes, espacement des coupes / facteur</translation>
    </message>
    <message>
        <source>Isotropic, in-plane voxel size</source>
        <translation>Isotropes, taille des voxels du plan</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Process</name>
    <message>
        <source>Check the installation of Slicer, or install it again.</source>
        <translation>Vérifiez l&apos;installation de Slicer, ou réinstallez-le.</translation>
    </message>
    <message>
        <source>{program} cannot be started ({error})</source>
        <translation>{program} ne peut pas être démarré ({error})</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Reveal</name>
    <message>
        <source>This Slicer has no Compare Volumes module, which reveals one volume in another</source>
        <translation>Ce Slicer n&apos;a pas de module Compare Volumes, qui montre un volume à travers un autre</translation>
    </message>
    <message>
        <source>Use Fade or Toggle instead.</source>
        <translation>Utilisez plutôt Fondu ou Alterner.</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Run</name>
    <message>
        <source>The scene was closed during the enhancement</source>
        <translation>La scène a été fermée pendant l&apos;amélioration</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Arrêté</translation>
    </message>
    <message>
        <source>Not scored: {error}</source>
        <translation>Non évalué : {error}</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.RunPanel</name>
    <message>
        <source>Apply</source>
        <translation>Appliquer</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Stop; the scene is left unchanged.</source>
        <translation>Arrêter ; la scène reste inchangée.</translation>
    </message>
    <message>
        <source>Starting...</source>
        <translation>Démarrage...</translation>
    </message>
    <message>
        <source>Stopping...</source>
        <translation>Arrêt...</translation>
    </message>
    <message>
        <source>Enhance the volume. You can use Slicer meanwhile.</source>
        <translation>Améliorer le volume. Vous pouvez utiliser Slicer entre-temps.</translation>
    </message>
    <message>
        <source>Please note</source>
        <translation>À noter</translation>
    </message>
    <message>
        <source>Stopped by the user</source>
        <translation>Arrêté par l&apos;utilisateur</translation>
    </message>
    <message>
        <source>Volume {position} of {total}: </source>
        <translation>Volume {position} sur {total} : </translation>
    </message>
    <message>
        <source>, about {left} left</source>
        <translation>, encore {left} environ</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Send</name>
    <message>
        <source>The DICOM database is not open. Open it in the module DICOM.</source>
        <translation>La base DICOM n&apos;est pas ouverte. Ouvrez-la dans le module DICOM.</translation>
    </message>
    <message>
        <source>It is in the DICOM database. Choose the server in the window that has opened.</source>
        <translation>C&apos;est dans la base DICOM. Choisissez le serveur dans la fenêtre qui s&apos;est ouverte.</translation>
    </message>
    <message>
        <source>Slicer&apos;s DICOM module is not available. Export to a folder instead.</source>
        <translation>Le module DICOM de Slicer n&apos;est pas disponible. Exportez plutôt dans un dossier.</translation>
    </message>
    <message>
        <source>Writing DICOM...</source>
        <translation>Écriture DICOM...</translation>
    </message>
    <message>
        <source>There is no result to send</source>
        <translation>Il n&apos;y a pas de résultat à envoyer</translation>
    </message>
    <message>
        <source>Enhance a scan first.</source>
        <translation>Améliorez d&apos;abord une image.</translation>
    </message>
    <message>
        <source>The DICOM database has {stored} of {files} files of the result</source>
        <translation>La base DICOM a {stored} des {files} fichiers du résultat</translation>
    </message>
    <message>
        <source>Nothing was sent. Check the disk of the database in the module DICOM.</source>
        <translation>Rien n&apos;a été envoyé. Vérifiez le disque de la base dans le module DICOM.</translation>
    </message>
    <message>
        <source> Left out, as not from DICOM: {count}.</source>
        <translation> Omis, car hors DICOM : {count}.</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Sentences</name>
    <message>
        <source>loading the model</source>
        <translation>chargement du modèle</translation>
    </message>
    <message>
        <source>finding the brain</source>
        <translation>recherche du cerveau</translation>
    </message>
    <message>
        <source>network</source>
        <translation>réseau de neurones</translation>
    </message>
    <message>
        <source>contrast map</source>
        <translation>carte de contraste</translation>
    </message>
    <message>
        <source>sparse coding</source>
        <translation>codage parcimonieux</translation>
    </message>
    <message>
        <source>neighbour embedding</source>
        <translation>plongement des voisins</translation>
    </message>
    <message>
        <source>regression</source>
        <translation>régression</translation>
    </message>
    <message>
        <source>learning the dictionary</source>
        <translation>apprentissage du dictionnaire</translation>
    </message>
    <message>
        <source>convolutional sparse coding</source>
        <translation>codage parcimonieux convolutif</translation>
    </message>
    <message>
        <source>learning filters</source>
        <translation>apprentissage des filtres</translation>
    </message>
    <message>
        <source>learning the mapping</source>
        <translation>apprentissage de la correspondance</translation>
    </message>
    <message>
        <source>coupled maps</source>
        <translation>cartes couplées</translation>
    </message>
    <message>
        <source>synthesised: not measured ({source} to {target})</source>
        <translation>synthétisé : non mesuré ({source} vers {target})</translation>
    </message>
    <message>
        <source>the objective no longer falls: the best filters so far are kept</source>
        <translation>l’objectif ne baisse plus : les meilleurs filtres obtenus sont gardés</translation>
    </message>
    <message>
        <source>LRTV</source>
        <translation>LRTV</translation>
    </message>
    <message>
        <source>slices</source>
        <translation>coupes</translation>
    </message>
    <message>
        <source>planes across the slices</source>
        <translation>plans à travers les coupes</translation>
    </message>
    <message>
        <source>back-projection</source>
        <translation>rétroprojection</translation>
    </message>
    <message>
        <source>back-projection after sharpening</source>
        <translation>rétroprojection après accentuation</translation>
    </message>
    <message>
        <source>back-projection after non-local means</source>
        <translation>rétroprojection après moyennes non locales</translation>
    </message>
    <message>
        <source>writing DICOM</source>
        <translation>écriture DICOM</translation>
    </message>
    <message>
        <source>looking for scans</source>
        <translation>recherche d&apos;images</translation>
    </message>
    <message>
        <source>reading volumes</source>
        <translation>lecture des volumes</translation>
    </message>
    <message>
        <source>checking volumes</source>
        <translation>vérification des volumes</translation>
    </message>
    <message>
        <source>simulating</source>
        <translation>simulation</translation>
    </message>
    <message>
        <source>training patches</source>
        <translation>blocs d&apos;entraînement</translation>
    </message>
    <message>
        <source>training</source>
        <translation>entraînement</translation>
    </message>
    <message>
        <source>batch normalisation</source>
        <translation>normalisation par lots</translation>
    </message>
    <message>
        <source>testing</source>
        <translation>test</translation>
    </message>
    <message>
        <source>this scan is unlike those that the models know: {reasons}</source>
        <translation>cette image ne ressemble pas à celles que les modèles connaissent : {reasons}</translation>
    </message>
    <message>
        <source>the brain has only {count} voxels, too few to judge the scan</source>
        <translation>le cerveau n&apos;a que {count} voxels, trop peu pour juger l&apos;image</translation>
    </message>
    <message>
        <source>no brain of plausible size was found</source>
        <translation>aucun cerveau de taille plausible n&apos;a été trouvé</translation>
    </message>
    <message>
        <source>what was found does not look like brain tissue (likeness {value}; expected {least} or more)</source>
        <translation>ce qui a été trouvé ne ressemble pas au tissu cérébral (ressemblance {value} ; attendu : {least} ou plus)</translation>
    </message>
    <message>
        <source>what was found does not have the shape of a brain (overlap {value}; expected {least} or more)</source>
        <translation>ce qui a été trouvé n&apos;a pas la forme d&apos;un cerveau (recouvrement {value} ; attendu : {least} ou plus)</translation>
    </message>
    <message>
        <source>left and right of the brain differ (overlap {value}; expected {least} or more)</source>
        <translation>les côtés gauche et droit du cerveau diffèrent (recouvrement {value} ; attendu : {least} ou plus)</translation>
    </message>
    <message>
        <source>the brain is small ({value} L; expected {least} L or more)</source>
        <translation>le cerveau est petit ({value} L ; attendu : {least} L ou plus)</translation>
    </message>
    <message>
        <source>the scan is noisy (SNR {value}; expected {least} or more)</source>
        <translation>l&apos;image est bruitée (rapport signal sur bruit {value} ; attendu : {least} ou plus)</translation>
    </message>
    <message>
        <source>intensities in the brain hardly differ (range {value} of the median; expected {least} or more)</source>
        <translation>les intensités du cerveau diffèrent à peine (étendue {value} de la médiane ; attendu : {least} ou plus)</translation>
    </message>
    <message>
        <source>the brain has few grey levels ({value} bits; expected {least} or more)</source>
        <translation>le cerveau a peu de niveaux de gris ({value} bits ; attendu : {least} ou plus)</translation>
    </message>
    <message>
        <source>the brain shows little structure (contrast {value}; expected {least} or more)</source>
        <translation>le cerveau montre peu de structure (contraste {value} ; attendu : {least} ou plus)</translation>
    </message>
    <message>
        <source>the brain is large ({value} L; expected up to {most} L)</source>
        <translation>le cerveau est grand ({value} L ; attendu : jusqu&apos;à {most} L)</translation>
    </message>
    <message>
        <source>signal in the air around the head, as after motion ({value} of the brain&apos;s; expected up to {most})</source>
        <translation>du signal dans l&apos;air autour de la tête, comme après un mouvement ({value} de celui du cerveau ; attendu : jusqu&apos;à {most})</translation>
    </message>
    <message>
        <source>detail differs between in-plane directions, as after motion ({value}; expected up to {most})</source>
        <translation>le détail diffère selon la direction dans le plan, comme après un mouvement ({value} ; attendu : jusqu&apos;à {most})</translation>
    </message>
    <message>
        <source>the brain looks as if the head had moved (score {value}; expected up to {most})</source>
        <translation>le cerveau apparaît comme si la tête avait bougé (score {value} ; attendu : jusqu&apos;à {most})</translation>
    </message>
    <message>
        <source>the resolution is coarse ({value} mm; expected up to {most} mm)</source>
        <translation>la résolution est grossière ({value} mm ; attendu : jusqu&apos;à {most} mm)</translation>
    </message>
    <message>
        <source>intensities differ more than those of tissues ({value} of the median; expected up to {most})</source>
        <translation>les intensités diffèrent plus que celles de tissus ({value} de la médiane ; attendu : jusqu&apos;à {most})</translation>
    </message>
    <message>
        <source>some voxels are far brighter than the brain ({value} times; expected up to {most})</source>
        <translation>certains voxels sont bien plus brillants que le cerveau ({value} fois ; attendu : jusqu&apos;à {most})</translation>
    </message>
    <message>
        <source>the background is bright ({value} of the brain; expected up to {most})</source>
        <translation>le fond est brillant ({value} du cerveau ; attendu : jusqu&apos;à {most})</translation>
    </message>
    <message>
        <source>intensities differ more than those of tissues (contrast {value}; expected up to {most})</source>
        <translation>les intensités diffèrent plus que celles de tissus (contraste {value} ; attendu : jusqu&apos;à {most})</translation>
    </message>
    <message>
        <source>brightness changes strongly across the brain ({value}; expected up to {most})</source>
        <translation>la luminosité varie fortement dans le cerveau ({value} ; attendu : jusqu&apos;à {most})</translation>
    </message>
    <message>
        <source>parts of the brain have no signal, as near metal ({value} of it; expected up to {most})</source>
        <translation>des parties du cerveau n&apos;ont pas de signal, comme près d&apos;un métal ({value} du cerveau ; attendu : jusqu&apos;à {most})</translation>
    </message>
    <message>
        <source>parts of the brain are far too bright, as near metal ({value} of it; expected up to {most})</source>
        <translation>des parties du cerveau sont beaucoup trop brillantes, comme près d&apos;un métal ({value} du cerveau ; attendu : jusqu&apos;à {most})</translation>
    </message>
    <message>
        <source>the brain measures {litres:.2g} L, brains measure {least} to {most} L: is this a brain MRI?</source>
        <translation>le cerveau mesure {litres:.2g} L, un cerveau mesure de {least} à {most} L : est-ce une IRM cérébrale ?</translation>
    </message>
    <message>
        <source>intensities in the brain range only from {low:.6g} to {high:.6g}: subtract the offset if there is one</source>
        <translation>les intensités du cerveau vont seulement de {low:.6g} à {high:.6g} : soustrayez le décalage s&apos;il y en a un</translation>
    </message>
    <message>
        <source>the brain that was found has an unusual shape: check the orientation of the scan and that it shows the whole head, or choose a brain mask in the Advanced section</source>
        <translation>le cerveau trouvé a une forme inhabituelle : vérifiez l&apos;orientation de l&apos;image et qu&apos;il montre toute la tête, ou choisissez un masque du cerveau dans la section Avancé</translation>
    </message>
    <message>
        <source>the head is flipped front to back: the orientation in the file is wrong, perhaps also left and right</source>
        <translation>la tête est inversée d&apos;avant en arrière : l&apos;orientation du fichier est fausse, peut-être aussi gauche et droite</translation>
    </message>
    <message>
        <source>the head is upside down: the orientation in the file is wrong, perhaps also left and right</source>
        <translation>la tête est à l&apos;envers : l&apos;orientation du fichier est fausse, peut-être aussi gauche et droite</translation>
    </message>
    <message>
        <source>the head is upside down and flipped front to back: the orientation in the file is wrong, perhaps also left and right</source>
        <translation>la tête est à l&apos;envers et inversée d&apos;avant en arrière : l&apos;orientation du fichier est fausse, peut-être aussi gauche et droite</translation>
    </message>
    <message>
        <source>no brain found in the orientation of the file: trying flipped orientations</source>
        <translation>aucun cerveau trouvé dans l&apos;orientation du fichier : essai des orientations inversées</translation>
    </message>
    <message>
        <source>the file states no orientation: left and right may be swapped</source>
        <translation>le fichier n&apos;indique pas d&apos;orientation : gauche et droite peuvent être inversées</translation>
    </message>
    <message>
        <source>the two orientations in the file (sform, qform) differ by up to {mm:.1f} mm: the sform is used</source>
        <translation>les deux orientations du fichier (sform, qform) diffèrent de {mm:.1f} mm au plus : la sform est utilisée</translation>
    </message>
    <message>
        <source>the file states two voxel sizes, {sform} mm (sform) and {pixdim} mm (pixdim): the sform is used</source>
        <translation>le fichier indique deux tailles de voxel, {sform} mm (sform) et {pixdim} mm (pixdim) : la sform est utilisée</translation>
    </message>
    <message>
        <source>the series is of modality {modality}, not MR</source>
        <translation>la série est de modalité {modality}, et non MR</translation>
    </message>
    <message>
        <source>the images were compressed with loss</source>
        <translation>les images ont été compressées avec perte</translation>
    </message>
    <message>
        <source>the file says of itself: {remark}</source>
        <translation>le fichier dit de lui-même : {remark}</translation>
    </message>
    <message>
        <source>the scan was resampled or zero-filled to {before} mm: its own samples of {after} mm are recovered</source>
        <translation>l&apos;image a été rééchantillonnée ou complétée par des zéros à {before} mm : ses propres échantillons de {after} mm sont retrouvés</translation>
    </message>
    <message>
        <source>the scan seems resampled: it resolves about {width} mm along its axes</source>
        <translation>l&apos;image semble rééchantillonnée : sa résolution est d&apos;environ {width} mm selon ses axes</translation>
    </message>
    <message>
        <source>{stated}: the result keeps the contrast of the scan</source>
        <translation>{stated} : le résultat garde le contraste de l&apos;image</translation>
    </message>
    <message>
        <source>T1w: the result gets the contrast of high field</source>
        <translation>T1w : le résultat reçoit le contraste du haut champ</translation>
    </message>
    <message>
        <source>the scan looks like T1w: the result gets the contrast of high field</source>
        <translation>l&apos;image ressemble à du T1w : le résultat reçoit le contraste du haut champ</translation>
    </message>
    <message>
        <source>the scan is named T1w but does not look like it: the result keeps the contrast of the scan</source>
        <translation>l&apos;image est nommée T1w mais n&apos;y ressemble pas : le résultat garde le contraste de l&apos;image</translation>
    </message>
    <message>
        <source>the scan does not look like T1w: the result keeps the contrast of the scan. If it is T1w, add T1w to the name of the volume or the file</source>
        <translation>l&apos;image ne ressemble pas à du T1w : le résultat garde le contraste de l&apos;image. Si c&apos;est du T1w, ajoutez T1w au nom du volume ou du fichier</translation>
    </message>
    <message>
        <source>brightness differs from slice to slice by up to {percent:.0f} %: corrected</source>
        <translation>la luminosité diffère d&apos;une coupe à l&apos;autre de {percent:.0f} % au plus : corrigé</translation>
    </message>
    <message>
        <source>the noise of the scan cannot be measured ({reason}): the model works without knowing it</source>
        <translation>le bruit de l&apos;image ne peut pas être mesuré ({reason}) : le modèle travaille sans le connaître</translation>
    </message>
    <message>
        <source>it is smaller than the steps of {step:g} between intensities</source>
        <translation>il est plus petit que le pas de {step:g} entre les intensités</translation>
    </message>
    <message>
        <source>anatomy hides it: {why}</source>
        <translation>l&apos;anatomie le masque : {why}</translation>
    </message>
    <message>
        <source>texture is {times:.1f} times stronger near edges</source>
        <translation>la texture est {times:.1f} fois plus forte près des contours</translation>
    </message>
    <message>
        <source>the brain has too few voxels to tell noise from anatomy</source>
        <translation>le cerveau a trop peu de voxels pour distinguer le bruit de l&apos;anatomie</translation>
    </message>
    <message>
        <source>noise would be correlated over {mm:.1f} mm</source>
        <translation>le bruit serait corrélé sur {mm:.1f} mm</translation>
    </message>
    <message>
        <source>texture is correlated over {mm:.1f} mm</source>
        <translation>la texture est corrélée sur {mm:.1f} mm</translation>
    </message>
    <message>
        <source>noise would be correlated over {mm:.1f} mm along several axes</source>
        <translation>le bruit serait corrélé sur {mm:.1f} mm selon plusieurs axes</translation>
    </message>
    <message>
        <source>noise is {percent:.1f} % of the brain&apos;s mean, more than in training: filtering first</source>
        <translation>le bruit est de {percent:.1f} % de la moyenne du cerveau, plus qu&apos;à l&apos;entraînement : filtrage préalable</translation>
    </message>
    <message>
        <source>slices along {axis} are {across:.2f} mm apart, voxels in plane {within:.2f} mm: the volume is isotropic already, so there is nothing to restore and it is returned unchanged</source>
        <translation>les coupes selon {axis} sont espacées de {across:.2f} mm, les voxels dans le plan de {within:.2f} mm : le volume est déjà isotrope, il n&apos;y a rien à restaurer et il est rendu inchangé</translation>
    </message>
    <message>
        <source>the scan resolves {width} mm at an SNR of {snr:.0f}: nothing to restore, so it is returned unchanged</source>
        <translation>l&apos;image a une résolution de {width} mm et un rapport signal sur bruit de {snr:.0f} : rien à restaurer, elle est rendue inchangée</translation>
    </message>
    <message>
        <source>{model} does not use the slice axis: it looks at the resolution along every axis</source>
        <translation>{model} n&apos;utilise pas l&apos;axe des coupes : il considère la résolution selon chaque axe</translation>
    </message>
    <message>
        <source>{model} does not use the brain mask: it enhances the whole volume</source>
        <translation>{model} n&apos;utilise pas le masque du cerveau : il améliore tout le volume</translation>
    </message>
    <message>
        <source>the slice spacing gives {voxel:.2f} mm voxels, but the model was trained for {finest:.2f} to {coarsest:.2f} mm: check the result carefully</source>
        <translation>l&apos;espacement des coupes donne des voxels de {voxel:.2f} mm, mais le modèle a été entraîné pour {finest:.2f} à {coarsest:.2f} mm : vérifiez soigneusement le résultat</translation>
    </message>
    <message>
        <source>dark tissue lies deeper ({dark:.1f} mm) than bright tissue ({bright:.1f} mm), unlike in the T1w brains for which the model was trained: use cubic interpolation for other contrasts</source>
        <translation>le tissu sombre est plus profond ({dark:.1f} mm) que le tissu clair ({bright:.1f} mm), contrairement aux cerveaux T1w pour lesquels le modèle a été entraîné : utilisez l&apos;interpolation cubique pour d&apos;autres contrastes</translation>
    </message>
    <message>
        <source>the SNR of the scan is about {white:.0f} in white and {grey:.0f} in grey matter, but the model was trained for {least_white:.0f} to {most_white:.0f} and {least_grey:.0f} to {most_grey:.0f}: check the result carefully</source>
        <translation>le rapport signal sur bruit de l&apos;image est d&apos;environ {white:.0f} dans la substance blanche et {grey:.0f} dans la grise, mais le modèle a été entraîné pour {least_white:.0f} à {most_white:.0f} et {least_grey:.0f} à {most_grey:.0f} : vérifiez soigneusement le résultat</translation>
    </message>
    <message>
        <source>in tests with artificial lesions{sizes} in white matter, this model showed {bright} % of the contrast of bright ones: check the original scan</source>
        <translation>dans des tests avec des lésions artificielles{sizes} dans la substance blanche, ce modèle a montré {bright} % du contraste des lésions claires : vérifiez l&apos;image d&apos;origine</translation>
    </message>
    <message>
        <source>in tests with artificial lesions{sizes} in white matter, this model showed {dark} % of the contrast of dark ones: check the original scan</source>
        <translation>dans des tests avec des lésions artificielles{sizes} dans la substance blanche, ce modèle a montré {dark} % du contraste des lésions sombres : vérifiez l&apos;image d&apos;origine</translation>
    </message>
    <message>
        <source>in tests with artificial lesions{sizes} in white matter, this model showed {bright} % of the contrast of bright ones and {dark} % of that of dark ones: check the original scan</source>
        <translation>dans des tests avec des lésions artificielles{sizes} dans la substance blanche, ce modèle a montré {bright} % du contraste des lésions claires et {dark} % de celui des lésions sombres : vérifiez l&apos;image d&apos;origine</translation>
    </message>
    <message>
        <source> of {mm} mm</source>
        <translation> de {mm} mm</translation>
    </message>
    <message>
        <source>no statement on how sure the result is: the model was not calibrated for such scans</source>
        <translation>pas d&apos;indication sur la fiabilité du résultat : le modèle n&apos;a pas été calibré pour de telles images</translation>
    </message>
    <message>
        <source>no statement on how sure the result is: settings were changed that the model was calibrated with</source>
        <translation>pas d&apos;indication sur la fiabilité du résultat : des réglages avec lesquels le modèle a été calibré ont été modifiés</translation>
    </message>
    <message>
        <source>no statement on how sure the result is: the scan is too unusual for one</source>
        <translation>pas d&apos;indication sur la fiabilité du résultat : l&apos;image est trop inhabituelle</translation>
    </message>
    <message>
        <source>LRTV had not converged after {iterations} iterations (the last one changed the image by {percent:.2g} %): the best image so far is kept; more iterations or a larger tolerance help</source>
        <translation>LRTV n&apos;avait pas convergé après {iterations} itérations (la dernière a changé l&apos;image de {percent:.2g} %) : la meilleure image est gardée ; plus d&apos;itérations ou une tolérance plus grande aident</translation>
    </message>
    <message>
        <source>the scan is enlarged {x:.1f} x {y:.1f} x {z:.1f} times, but the model was trained up to {largest:g} in slices and {thickest:g} across: check the result carefully</source>
        <translation>l&apos;image est agrandie {x:.1f} x {y:.1f} x {z:.1f} fois, mais le modèle a été entraîné jusqu&apos;à {largest:g} dans les coupes et {thickest:g} à travers : vérifiez bien le résultat</translation>
    </message>
    <message>
        <source>noise is {percent:.1f} % of the brain&apos;s mean, but the model was trained without noise: it stays in the result, and may look like structure</source>
        <translation>le bruit est de {percent:.1f} % de la moyenne du cerveau, mais le modèle a été entraîné sans bruit : il reste dans le résultat et peut ressembler à une structure</translation>
    </message>
    <message>
        <source>the scan is {stated}, but the model was trained on {contrast}: check the result carefully</source>
        <translation>l&apos;image est {stated}, mais le modèle a été entraîné sur {contrast} : vérifiez bien le résultat</translation>
    </message>
    <message>
        <source>the scan has no frame of reference: viewers will not overlay the two series automatically</source>
        <translation>l&apos;image n&apos;a pas de cadre de référence : les visionneuses ne superposeront pas les deux séries automatiquement</translation>
    </message>
    <message>
        <source>the header no longer names the patient, but the face can still be seen in the picture: remove it before you share the series</source>
        <translation>l&apos;en-tête ne nomme plus le patient, mais le visage reste visible dans l&apos;image : supprimez-le avant de partager la série</translation>
    </message>
    <message>
        <source>the volume differs from the scan (correlation {likeness:.2f}): check patient and series</source>
        <translation>le volume diffère de l&apos;image (corrélation {likeness:.2f}) : vérifiez le patient et la série</translation>
    </message>
    <message>
        <source>{scan}: {told}</source>
        <translation>{scan} : {told}</translation>
    </message>
    <message>
        <source>the brightest tissue does not lie deepest (ratio {ratio:.2f}): is this T1w? In other contrasts fluid and white matter swap: choose the tissues of the volume</source>
        <translation>le tissu le plus clair n&apos;est pas le plus profond (rapport {ratio:.2f}) : est-ce du T1w ? Dans d&apos;autres contrastes, le liquide et la substance blanche s&apos;échangent : choisissez les tissus du volume</translation>
    </message>
    <message>
        <source>slices are {mm:.1f} mm apart: a model cannot learn finer detail from it</source>
        <translation>les coupes sont espacées de {mm:.1f} mm : un modèle ne peut pas en apprendre de détail plus fin</translation>
    </message>
    <message>
        <source>its SNR cannot be measured: {error}</source>
        <translation>son RSB ne peut pas être mesuré : {error}</translation>
    </message>
    <message>
        <source>the GPU has too little memory for this step ({what}): the processor does it</source>
        <translation>le GPU a trop peu de mémoire pour cette étape ({what}) : le processeur s&apos;en charge</translation>
    </message>
    <message>
        <source>the GPU cannot do this step ({what}): the processor does it</source>
        <translation>le GPU ne peut pas exécuter cette étape ({what}) : le processeur s&apos;en charge</translation>
    </message>
    <message>
        <source>the network</source>
        <translation>le réseau de neurones</translation>
    </message>
    <message>
        <source>out of memory: continuing in smaller pieces</source>
        <translation>mémoire insuffisante : suite en plus petits morceaux</translation>
    </message>
    <message>
        <source>{files} beside the result belong to an earlier one: delete them</source>
        <translation>{files} à côté du résultat appartiennent à un résultat antérieur : supprimez-les</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Setup</name>
    <message>
        <source>Look into the log. With a network behind a proxy, or without one, use a folder of wheels.</source>
        <translation>Consultez le journal. Derrière un proxy, ou sans réseau, utilisez un dossier de wheels.</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Arrêté</translation>
    </message>
    <message>
        <source>The disk of Slicer has {free:.1f} GiB left, and up to {room:.0f} GiB may be needed: free some first.</source>
        <translation>Le disque de Slicer a encore {free:.1f} Gio, et jusqu&apos;à {room:.0f} Gio peuvent être nécessaires : libérez d&apos;abord de la place.</translation>
    </message>
    <message>
        <source>PyTorch comes from Slicer&apos;s extension PyTorch and takes some GiB.</source>
        <translation>PyTorch vient de l&apos;extension PyTorch de Slicer et occupe quelques Gio.</translation>
    </message>
    <message>
        <source>These are needed once: {names}.</source>
        <translation>Ces paquets sont nécessaires une fois : {names}.</translation>
    </message>
    <message>
        <source>Choose the folder that `pip download` has filled.</source>
        <translation>Choisissez le dossier que `pip download` a rempli.</translation>
    </message>
    <message>
        <source>{folder} holds no wheels</source>
        <translation>{folder} ne contient aucun wheel</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.SetupPanel</name>
    <message>
        <source>Installing...</source>
        <translation>Installation...</translation>
    </message>
    <message>
        <source>Stopping...</source>
        <translation>Arrêt...</translation>
    </message>
    <message>
        <source>Stopped by you</source>
        <translation>Arrêté par vous</translation>
    </message>
    <message>
        <source>Folder of wheels</source>
        <translation>Dossier de wheels</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>Installer</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Snapshot</name>
    <message>
        <source>Choose another folder, and a name that ends with .png.</source>
        <translation>Choisissez un autre dossier, et un nom qui se termine par .png.</translation>
    </message>
    <message>
        <source>{path} cannot be written</source>
        <translation>{path} ne peut pas être écrit</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Views</name>
    <message>
        <source>Input</source>
        <translation>Entrée</translation>
    </message>
    <message>
        <source>Enhanced</source>
        <translation>Amélioré</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.ViewsPanel</name>
    <message>
        <source>Image of the comparison</source>
        <translation>Image de la comparaison</translation>
    </message>
    <message>
        <source>PNG (*.png)</source>
        <translation>PNG (*.png)</translation>
    </message>
    <message>
        <source>Three planes</source>
        <translation>Trois plans</translation>
    </message>
    <message>
        <source>One plane, large</source>
        <translation>Un plan, en grand</translation>
    </message>
    <message>
        <source>Computing the map...</source>
        <translation>Calcul de la carte...</translation>
    </message>
    <message>
        <source>Wrote {path}</source>
        <translation>{path} a été écrit</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Widget</name>
    <message>
        <source>Several scans are being enhanced.</source>
        <translation>Plusieurs images sont en cours d&apos;amélioration.</translation>
    </message>
    <message>
        <source>Packages are being installed.</source>
        <translation>Des paquets sont en cours d&apos;installation.</translation>
    </message>
    <message>
        <source>{name} is {what}, not a scan. Choose a brain MRI.</source>
        <translation>{name} est {what}, pas une image d&apos;examen. Choisissez une IRM cérébrale.</translation>
    </message>
    <message>
        <source>The output is the input volume. Choose another output, or a new volume.</source>
        <translation>La sortie est le volume d&apos;entrée. Choisissez une autre sortie, ou un nouveau volume.</translation>
    </message>
    <message>
        <source>A volume is being enhanced.</source>
        <translation>Un volume est en cours d&apos;amélioration.</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.Words</name>
    <message>
        <source>Free disk space, or choose another temporary folder in Edit / Application Settings.</source>
        <translation>Libérez de la place sur le disque, ou choisissez un autre dossier temporaire dans Edit / Application Settings.</translation>
    </message>
    <message>
        <source>It may have run out of memory: close other programs, crop the volume, or choose CPU as the device.</source>
        <translation>La mémoire était peut-être épuisée : fermez d&apos;autres programmes, recadrez le volume, ou choisissez le CPU pour le calcul.</translation>
    </message>
    <message>
        <source>Press Apply again to install what is missing, or see &apos;Offline installation&apos; in the Help section.</source>
        <translation>Appuyez de nouveau sur Appliquer pour installer ce qui manque, ou voyez « Installation hors ligne » dans la section Aide.</translation>
    </message>
    <message>
        <source>This is a bug in the module: please report it with the log.</source>
        <translation>C&apos;est un défaut du module : merci de le signaler avec le journal.</translation>
    </message>
    <message>
        <source>See the log below the button; if it does not help, please report the problem.</source>
        <translation>Voyez le journal sous le bouton ; si cela n&apos;aide pas, merci de signaler le problème.</translation>
    </message>
    <message>
        <source>The worker failed unexpectedly</source>
        <translation>Le processus de calcul a échoué de façon inattendue</translation>
    </message>
    <message>
        <source>The scene has not been changed.</source>
        <translation>La scène n&apos;a pas été modifiée.</translation>
    </message>
    <message>
        <source>Choose another volume, or correct this one.</source>
        <translation>Choisissez un autre volume, ou corrigez celui-ci.</translation>
    </message>
    <message>
        <source>Choose another model, or install this one again.</source>
        <translation>Choisissez un autre modèle, ou réinstallez celui-ci.</translation>
    </message>
    <message>
        <source>A file or folder of that name already exists</source>
        <translation>Un fichier ou un dossier de ce nom existe déjà</translation>
    </message>
    <message>
        <source>Choose another name or folder.</source>
        <translation>Choisissez un autre nom ou un autre dossier.</translation>
    </message>
    <message>
        <source>The disk is full</source>
        <translation>Le disque est plein</translation>
    </message>
    <message>
        <source>No brain of plausible size was found in the volume</source>
        <translation>Aucun cerveau de taille plausible n&apos;a été trouvé dans le volume</translation>
    </message>
    <message>
        <source>Choose a brain mask in the Advanced section, or a volume that shows the whole head.</source>
        <translation>Choisissez un masque du cerveau dans la section Avancé, ou un volume qui montre toute la tête.</translation>
    </message>
    <message>
        <source>The package that finds the brain (deepbet) is missing or damaged</source>
        <translation>Le paquet qui trouve le cerveau (deepbet) manque ou est endommagé</translation>
    </message>
    <message>
        <source>Press Apply again to install it, or choose a brain mask in the Advanced section.</source>
        <translation>Appuyez de nouveau sur Appliquer pour l&apos;installer, ou choisissez un masque du cerveau dans la section Avancé.</translation>
    </message>
    <message>
        <source>A required Python package is missing</source>
        <translation>Un paquet Python nécessaire manque</translation>
    </message>
    <message>
        <source>Press the button again and agree to install it; the log names it.</source>
        <translation>Appuyez de nouveau sur le bouton et acceptez de l&apos;installer ; le journal le nomme.</translation>
    </message>
    <message>
        <source>Resuming a training run needs PyTorch 2.6 or later</source>
        <translation>Reprendre un entraînement requiert PyTorch 2.6 ou plus récent</translation>
    </message>
    <message>
        <source>Update PyTorch with the PyTorch extension, or restart the training from the beginning.</source>
        <translation>Mettez PyTorch à jour avec l&apos;extension PyTorch, ou recommencez l&apos;entraînement depuis le début.</translation>
    </message>
    <message>
        <source>The selected GPU is not available</source>
        <translation>Le GPU sélectionné n&apos;est pas disponible</translation>
    </message>
    <message>
        <source>Choose Automatic or Processor as the device in the Advanced section.</source>
        <translation>Choisissez Automatique ou Processeur central pour le calcul dans la section Avancé.</translation>
    </message>
    <message>
        <source>The package spams is not installed</source>
        <translation>Le paquet spams n&apos;est pas installé</translation>
    </message>
    <message>
        <source>Press the button again and agree to install it, or set the solver to torch in the Advanced section.</source>
        <translation>Appuyez de nouveau sur le bouton et acceptez de l&apos;installer, ou réglez le solveur sur torch dans la section Avancé.</translation>
    </message>
    <message>
        <source>The package sporco is not installed</source>
        <translation>Le paquet sporco n’est pas installé</translation>
    </message>
    <message>
        <source>Type slicer.util.pip_install(&apos;sporco&apos;) in the Python console, then press the button again.</source>
        <translation>Saisissez slicer.util.pip_install(&apos;sporco&apos;) dans la console Python, puis pressez de nouveau le bouton.</translation>
    </message>
    <message>
        <source>The computer ran out of memory</source>
        <translation>La mémoire de l&apos;ordinateur est épuisée</translation>
    </message>
    <message>
        <source>Close other programs, crop the volume to the head, or choose another model.</source>
        <translation>Fermez d&apos;autres programmes, recadrez le volume sur la tête, ou choisissez un autre modèle.</translation>
    </message>
    <message>
        <source>The folder holds several DICOM series</source>
        <translation>Le dossier contient plusieurs séries DICOM</translation>
    </message>
    <message>
        <source>Load the right series in the DICOM module, then choose that volume.</source>
        <translation>Chargez la bonne série dans le module DICOM, puis choisissez ce volume.</translation>
    </message>
    <message>
        <source>One mask was given for several volumes</source>
        <translation>Un seul masque a été donné pour plusieurs volumes</translation>
    </message>
    <message>
        <source>Enhance them one by one.</source>
        <translation>Améliorez-les un par un.</translation>
    </message>
    <message>
        <source>The mean of the volume is not positive inside the mask</source>
        <translation>La moyenne du volume n&apos;est pas positive dans le masque</translation>
    </message>
    <message>
        <source>Choose another mask.</source>
        <translation>Choisissez un autre masque.</translation>
    </message>
    <message>
        <source>None of the volumes can be used</source>
        <translation>Aucun des volumes n&apos;est utilisable</translation>
    </message>
    <message>
        <source>The table shows why.</source>
        <translation>Le tableau indique pourquoi.</translation>
    </message>
    <message>
        <source>This model cannot state how sure its results are</source>
        <translation>Ce modèle ne peut pas estimer l&apos;incertitude de ses résultats</translation>
    </message>
    <message>
        <source>Untick &apos;Also compute how sure the result is&apos;, or choose the recommended model.</source>
        <translation>Décochez « Calculer aussi l&apos;incertitude du résultat », ou choisissez le modèle recommandé.</translation>
    </message>
    <message>
        <source>Correct it in the advanced settings.</source>
        <translation>Corrigez-le dans les réglages avancés.</translation>
    </message>
</context>
<context>
    <name>IQTEnhanceLib.WorkerJob</name>
    <message>
        <source>Stopped</source>
        <translation>Arrêté</translation>
    </message>
    <message>
        <source>the temporary folder</source>
        <translation>le dossier temporaire</translation>
    </message>
    <message>
        <source>Install the extension again.</source>
        <translation>Réinstallez l&apos;extension.</translation>
    </message>
    <message>
        <source>The temporary folder {folder} cannot be used ({error})</source>
        <translation>Le dossier temporaire {folder} ne peut pas être utilisé ({error})</translation>
    </message>
    <message>
        <source>Please report it with the log.</source>
        <translation>Merci de le signaler avec le journal.</translation>
    </message>
    <message>
        <source>The worker&apos;s result is incomplete: it lacks {names}</source>
        <translation>Le résultat du processus de calcul est incomplet : il manque {names}</translation>
    </message>
    <message>
        <source>Unexpected {kind}: {error}</source>
        <translation>{kind} inattendu : {error}</translation>
    </message>
</context>
<context>
    <name>IQTTraining</name>
    <message>
        <source>IQT Training</source>
        <translation>IQT Training</translation>
    </message>
    <message>
        <source>Simulates low-field scans of high-field brain MRI and trains models for IQT Enhance, in the background. For research. See the Help section of the panel and the README.</source>
        <translation>Simule des images à bas champ à partir d&apos;IRM cérébrales à haut champ et entraîne des modèles pour IQT Enhance, en arrière-plan. Pour la recherche. Voir la section Aide du panneau et le fichier README.</translation>
    </message>
    <message>
        <source>An open implementation of Eldaly AK, Figini M, Alexander DC. Alternative Learning Paradigms for Image Quality Transfer. Machine Learning for Biomedical Imaging 2024:027, doi 10.59275/j.melba.2024-1656.</source>
        <translation>Une implémentation libre de Eldaly AK, Figini M, Alexander DC. Alternative Learning Paradigms for Image Quality Transfer. Machine Learning for Biomedical Imaging 2024:027, doi 10.59275/j.melba.2024-1656.</translation>
    </message>
    <message>
        <source>Data: high-field volumes</source>
        <translation>Données : volumes à haut champ</translation>
    </message>
    <message>
        <source>Contrast:</source>
        <translation>Contraste :</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Contraste</translation>
    </message>
    <message>
        <source>The contrast of the volumes. The simulator&apos;s published numbers are for T1w and FLAIR.</source>
        <translation>Le contraste des volumes. Les valeurs publiées du simulateur valent pour T1w et FLAIR.</translation>
    </message>
    <message>
        <source>Volume:</source>
        <translation>Volume :</translation>
    </message>
    <message>
        <source>Volume to add</source>
        <translation>Volume à ajouter</translation>
    </message>
    <message>
        <source>A high-field brain MRI in the scene.</source>
        <translation>Une IRM cérébrale à haut champ de la scène.</translation>
    </message>
    <message>
        <source>Add this volume and its tissues to the list.</source>
        <translation>Ajouter ce volume et ses tissus à la liste.</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Ajouter</translation>
    </message>
    <message>
        <source>Its tissues:</source>
        <translation>Ses tissus :</translation>
    </message>
    <message>
        <source>Its tissues</source>
        <translation>Ses tissus</translation>
    </message>
    <message>
        <source>Tissue labels (1 CSF, 2 grey, 3 white matter) or a segmentation with segments of these names. If left empty, they are found automatically.</source>
        <translation>Étiquettes de tissus (1 LCR, 2 substance grise, 3 substance blanche) ou segmentation dont les segments portent les noms anglais CSF, grey matter, white matter. Si le champ est vide, ils sont trouvés automatiquement.</translation>
    </message>
    <message>
        <source>Found automatically</source>
        <translation>Trouvés automatiquement</translation>
    </message>
    <message>
        <source>Folder:</source>
        <translation>Dossier :</translation>
    </message>
    <message>
        <source>Folder of volumes</source>
        <translation>Dossier des volumes</translation>
    </message>
    <message>
        <source>Scans on disk: NIfTI, NRRD, MetaImage or DICOM, also as a BIDS data set with tissue labels beside them.</source>
        <translation>Images sur le disque : NIfTI, NRRD, MetaImage ou DICOM, aussi comme jeu de données BIDS avec des étiquettes de tissus à côté.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>Choose a folder of high-field scans.</source>
        <translation>Choisir un dossier d&apos;images à haut champ.</translation>
    </message>
    <message>
        <source>Prepared in:</source>
        <translation>Préparé dans :</translation>
    </message>
    <message>
        <source>Prepared in</source>
        <translation>Préparé dans</translation>
    </message>
    <message>
        <source>Folder for the prepared volumes, masks and tissue maps used in training. The originals are not changed.</source>
        <translation>Dossier des volumes préparés, des masques et des cartes de tissus utilisés pour l&apos;entraînement. Les originaux ne sont pas modifiés.</translation>
    </message>
    <message>
        <source>Choose the folder for prepared volumes.</source>
        <translation>Choisir le dossier des volumes préparés.</translation>
    </message>
    <message>
        <source>Volumes</source>
        <translation>Volumes</translation>
    </message>
    <message>
        <source>Each volume with the findings of the check. Untick a subject to exclude it.</source>
        <translation>Chaque volume avec le constat de la vérification. Décochez un sujet pour l&apos;exclure.</translation>
    </message>
    <message>
        <source>Find brain and tissues of each volume and measure its SNR.</source>
        <translation>Trouver le cerveau et les tissus de chaque volume et mesurer son RSB.</translation>
    </message>
    <message>
        <source>Check volumes</source>
        <translation>Vérifier les volumes</translation>
    </message>
    <message>
        <source>Remove the selected volume from the list.</source>
        <translation>Retirer le volume sélectionné de la liste.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>Validate / test / seed:</source>
        <translation>Validation / test / graine :</translation>
    </message>
    <message>
        <source>Validate, per cent</source>
        <translation>Validation, pour cent</translation>
    </message>
    <message>
        <source>Share of the subjects used for validation: they select the best checkpoint.</source>
        <translation>Part des sujets pour la validation : ils choisissent le meilleur point de reprise.</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>Test, per cent</source>
        <translation>Test, pour cent</translation>
    </message>
    <message>
        <source>Share of the subjects held out for the final test; they are never trained on.</source>
        <translation>Part des sujets réservés au test final ; ils ne servent jamais à l&apos;entraînement.</translation>
    </message>
    <message>
        <source>Seed of the split</source>
        <translation>Graine de la répartition</translation>
    </message>
    <message>
        <source>The same seed gives the same split.</source>
        <translation>La même graine donne la même répartition.</translation>
    </message>
    <message>
        <source>Simulate: low-field scans</source>
        <translation>Simuler : images à bas champ</translation>
    </message>
    <message>
        <source>SNR distribution:</source>
        <translation>Distribution du RSB :</translation>
    </message>
    <message>
        <source>SNR distribution</source>
        <translation>Distribution du RSB</translation>
    </message>
    <message>
        <source>The distribution from which the SNR of white and grey matter is drawn.</source>
        <translation>La distribution dont est tiré le RSB de la substance blanche et de la substance grise.</translation>
    </message>
    <message>
        <source>Means white, grey:</source>
        <translation>Moyennes SB, SG :</translation>
    </message>
    <message>
        <source>Mean SNR, white matter</source>
        <translation>RSB moyen, substance blanche</translation>
    </message>
    <message>
        <source>Mean SNR of white matter.</source>
        <translation>RSB moyen de la substance blanche.</translation>
    </message>
    <message>
        <source>Mean SNR, grey matter</source>
        <translation>RSB moyen, substance grise</translation>
    </message>
    <message>
        <source>Mean SNR of grey matter.</source>
        <translation>RSB moyen de la substance grise.</translation>
    </message>
    <message>
        <source>Spreads, correlation:</source>
        <translation>Écarts, corrélation :</translation>
    </message>
    <message>
        <source>Spread of SNR, white matter</source>
        <translation>Écart du RSB, substance blanche</translation>
    </message>
    <message>
        <source>Standard deviation of white matter&apos;s SNR.</source>
        <translation>Écart type du RSB de la substance blanche.</translation>
    </message>
    <message>
        <source>Spread of SNR, grey matter</source>
        <translation>Écart du RSB, substance grise</translation>
    </message>
    <message>
        <source>Standard deviation of grey matter&apos;s SNR.</source>
        <translation>Écart type du RSB de la substance grise.</translation>
    </message>
    <message>
        <source>Correlation of SNR</source>
        <translation>Corrélation des RSB</translation>
    </message>
    <message>
        <source>Correlation of the two.</source>
        <translation>Corrélation des deux.</translation>
    </message>
    <message>
        <source>Across slices:</source>
        <translation>Axe des coupes :</translation>
    </message>
    <message>
        <source>Across slices</source>
        <translation>Axe des coupes</translation>
    </message>
    <message>
        <source>The voxel axis across the simulated slices.</source>
        <translation>L&apos;axe des voxels perpendiculaire aux coupes simulées.</translation>
    </message>
    <message>
        <source>Thickness, gap:</source>
        <translation>Épaisseur, espace :</translation>
    </message>
    <message>
        <source>Slice thickness</source>
        <translation>Épaisseur des coupes</translation>
    </message>
    <message>
        <source>Slice thickness in high-field voxels.</source>
        <translation>Épaisseur des coupes en voxels à haut champ.</translation>
    </message>
    <message>
        <source>Slice gap</source>
        <translation>Espace entre les coupes</translation>
    </message>
    <message>
        <source>Gap between slices in high-field voxels.</source>
        <translation>Espace entre les coupes en voxels à haut champ.</translation>
    </message>
    <message>
        <source>Noise, seed:</source>
        <translation>Bruit, graine :</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Bruit</translation>
    </message>
    <message>
        <source>Gaussian as published, or Rician, the noise of magnitude images.</source>
        <translation>Gaussien comme publié, ou ricien, le bruit des images de module.</translation>
    </message>
    <message>
        <source>Seed of the simulation</source>
        <translation>Graine de la simulation</translation>
    </message>
    <message>
        <source>The same seed gives the same scans.</source>
        <translation>La même graine donne les mêmes images.</translation>
    </message>
    <message>
        <source>The pairs drawn, with the Mahalanobis ellipses of distance 1 and 3.</source>
        <translation>Les paires tirées, avec les ellipses de Mahalanobis de distance 1 et 3.</translation>
    </message>
    <message>
        <source>Plot distribution</source>
        <translation>Tracer la distribution</translation>
    </message>
    <message>
        <source>Add a simulated scan of the selected volume to the scene and its SNR to a table.</source>
        <translation>Ajouter à la scène une image simulée du volume sélectionné, et son RSB à un tableau.</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Aperçu</translation>
    </message>
    <message>
        <source>Pairs into:</source>
        <translation>Paires dans :</translation>
    </message>
    <message>
        <source>Pairs into</source>
        <translation>Paires dans</translation>
    </message>
    <message>
        <source>Folder for low-field scans, their truths and JSON sidecars.</source>
        <translation>Dossier des images à bas champ, de leurs vérités terrain et des fichiers JSON associés.</translation>
    </message>
    <message>
        <source>Choose the folder of the pairs.</source>
        <translation>Choisir le dossier des paires.</translation>
    </message>
    <message>
        <source>Write a low-field scan of every volume with its truth, in the background. Training does not need these files.</source>
        <translation>Écrire une image à bas champ de chaque volume avec sa vérité terrain, en arrière-plan. L&apos;entraînement n&apos;a pas besoin de ces fichiers.</translation>
    </message>
    <message>
        <source>Simulate all</source>
        <translation>Tout simuler</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Entraîner</translation>
    </message>
    <message>
        <source>Method:</source>
        <translation>Méthode :</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Méthode</translation>
    </message>
    <message>
        <source>The method to train.</source>
        <translation>La méthode à entraîner.</translation>
    </message>
    <message>
        <source>Recipe, size:</source>
        <translation>Recette, taille :</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Recette</translation>
    </message>
    <message>
        <source>Quick look: minutes, to check the data. Standard: as the shipped models. Paper: the published sizes, days on a GPU.</source>
        <translation>Coup d&apos;œil : quelques minutes, pour vérifier les données. Standard : comme les modèles fournis. Article : les tailles publiées, des jours sur un GPU.</translation>
    </message>
    <message>
        <source>Size of the model</source>
        <translation>Taille du modèle</translation>
    </message>
    <message>
        <source>Size of the model; larger models take longer.</source>
        <translation>Taille du modèle ; les plus grands demandent plus de temps.</translation>
    </message>
    <message>
        <source>Device:</source>
        <translation>Processeur :</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Processeur de calcul</translation>
    </message>
    <message>
        <source>The device for training networks. Jobs on one device run one after another.</source>
        <translation>Le processeur qui entraîne les réseaux. Les tâches d&apos;un même processeur s&apos;exécutent l&apos;une après l&apos;autre.</translation>
    </message>
    <message>
        <source>Search for GPUs again.</source>
        <translation>Rechercher de nouveau les GPU.</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Actualiser</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>Nom :</translation>
    </message>
    <message>
        <source>Name of the model</source>
        <translation>Nom du modèle</translation>
    </message>
    <message>
        <source>The new model&apos;s name, which IQT Enhance will list.</source>
        <translation>Le nom du nouveau modèle, sous lequel IQT Enhance le liste.</translation>
    </message>
    <message>
        <source>my-model</source>
        <translation>mon-modele</translation>
    </message>
    <message>
        <source>In folder:</source>
        <translation>Dans le dossier :</translation>
    </message>
    <message>
        <source>Folder of the model</source>
        <translation>Dossier du modèle</translation>
    </message>
    <message>
        <source>Where the model is saved. IQT Enhance lists only those in your models folder.</source>
        <translation>Où le modèle est enregistré. IQT Enhance ne liste que ceux de votre dossier de modèles.</translation>
    </message>
    <message>
        <source>Choose a folder for the model.</source>
        <translation>Choisir un dossier pour le modèle.</translation>
    </message>
    <message>
        <source>Start from:</source>
        <translation>Partir de :</translation>
    </message>
    <message>
        <source>Start from</source>
        <translation>Partir de</translation>
    </message>
    <message>
        <source>Fine-tune an existing model instead of starting from scratch; networks only.</source>
        <translation>Affiner un modèle existant au lieu de partir de zéro ; réseaux seulement.</translation>
    </message>
    <message>
        <source>Data and licence:</source>
        <translation>Données et licence :</translation>
    </message>
    <message>
        <source>Data and licence</source>
        <translation>Données et licence</translation>
    </message>
    <message>
        <source>Where the volumes come from and their licence, for the model&apos;s card.</source>
        <translation>D&apos;où viennent les volumes et quelle est leur licence, pour la fiche du modèle.</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>non indiqué</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>Avancé</translation>
    </message>
    <message>
        <source>Values that differ from the recipe</source>
        <translation>Valeurs qui diffèrent de la recette</translation>
    </message>
    <message>
        <source>Time a few steps on this computer and estimate time, memory and disk space of the whole training.</source>
        <translation>Chronométrer quelques pas sur cet ordinateur et estimer le temps, la mémoire et l&apos;espace disque de tout l&apos;entraînement.</translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation>Estimer</translation>
    </message>
    <message>
        <source>Copy the command that runs the same training in a terminal or on a cluster.</source>
        <translation>Copier la commande qui lance le même entraînement dans un terminal ou sur une grappe de calcul.</translation>
    </message>
    <message>
        <source>Copy command line</source>
        <translation>Copier la ligne de commande</translation>
    </message>
    <message>
        <source>Keep jobs started here running when Slicer closes; otherwise they stop and can be resumed.</source>
        <translation>Laisser tourner les tâches lancées ici quand Slicer se ferme ; sinon elles s&apos;arrêtent et peuvent être reprises.</translation>
    </message>
    <message>
        <source>Keep running when Slicer closes</source>
        <translation>Continuer quand Slicer se ferme</translation>
    </message>
    <message>
        <source>Start.</source>
        <translation>Démarrer.</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Tâches</translation>
    </message>
    <message>
        <source>All jobs on this computer, latest first. The selected one is shown below.</source>
        <translation>Toutes les tâches de cet ordinateur, la plus récente d&apos;abord. Celle qui est sélectionnée est montrée ci-dessous.</translation>
    </message>
    <message>
        <source>Pause after the current step; memory and place in the queue are kept.</source>
        <translation>Mettre en pause après le pas en cours ; la mémoire et la place dans la file sont gardées.</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Stop after the current step. Press again after a while to stop by force.</source>
        <translation>Arrêter après le pas en cours. Appuyez de nouveau un peu plus tard pour forcer l&apos;arrêt.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Resume from the last checkpoint.</source>
        <translation>Reprendre au dernier point de reprise.</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <source>Delete the job&apos;s folder; its results are kept.</source>
        <translation>Supprimer le dossier de la tâche ; ses résultats sont gardés.</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Oublier</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progression</translation>
    </message>
    <message>
        <source>Plot loss, validation NRMSE and SSIM in the scene.</source>
        <translation>Tracer la perte, la NRMSE et le SSIM de validation dans la scène.</translation>
    </message>
    <message>
        <source>Show curves</source>
        <translation>Montrer les courbes</translation>
    </message>
    <message>
        <source>The latest validation slice: low field, estimate, truth.</source>
        <translation>La dernière coupe de validation : bas champ, estimation, vérité terrain.</translation>
    </message>
    <message>
        <source>Show slice</source>
        <translation>Montrer la coupe</translation>
    </message>
    <message>
        <source>Open IQT Enhance with this model.</source>
        <translation>Ouvrir IQT Enhance avec ce modèle.</translation>
    </message>
    <message>
        <source>Use in IQT Enhance</source>
        <translation>Utiliser dans IQT Enhance</translation>
    </message>
    <message>
        <source>Scores of the test</source>
        <translation>Scores du test</translation>
    </message>
    <message>
        <source>Scores on held-out subjects, next to those of interpolation.</source>
        <translation>Scores sur des sujets de test, à côté de ceux de l&apos;interpolation.</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Log of the worker</source>
        <translation>Journal du processus de calcul</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Charts</name>
    <message>
        <source>Scans</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>Units</source>
        <translation>Unités</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Mesure</translation>
    </message>
    <message>
        <source>Interpolation</source>
        <translation>Interpolation</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Ratio</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>Intervalle à 95 %</translation>
    </message>
    <message>
        <source>Subjects</source>
        <translation>Sujets</translation>
    </message>
    <message>
        <source>SNR white matter</source>
        <translation>RSB substance blanche</translation>
    </message>
    <message>
        <source>drawn</source>
        <translation>tirées</translation>
    </message>
    <message>
        <source>SNR grey matter</source>
        <translation>RSB substance grise</translation>
    </message>
    <message>
        <source>step</source>
        <translation>pas</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>perte</translation>
    </message>
    <message>
        <source>a picture of a training</source>
        <translation>une illustration d&apos;un entraînement</translation>
    </message>
    <message>
        <source>{name} loss</source>
        <translation>{name} perte</translation>
    </message>
    <message>
        <source>{name} validation</source>
        <translation>{name} validation</translation>
    </message>
    <message>
        <source>{name} low field, estimate, truth</source>
        <translation>{name} bas champ, estimation, vérité</translation>
    </message>
    <message>
        <source>{low:.3f} to {high:.3f}</source>
        <translation>{low:.3f} à {high:.3f}</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.DataPanel</name>
    <message>
        <source>Subject</source>
        <translation>Sujet</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>État</translation>
    </message>
    <message>
        <source>SNR white / grey</source>
        <translation>RSB blanche / grise</translation>
    </message>
    <message>
        <source>Brain (L)</source>
        <translation>Cerveau (L)</translation>
    </message>
    <message>
        <source>Tissues</source>
        <translation>Tissus</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volume</translation>
    </message>
    <message>
        <source>{bad} of {all} cannot be used: see their status.</source>
        <translation>{bad} sur {all} sont inutilisables : voir leur état.</translation>
    </message>
    <message>
        <source>good</source>
        <translation>bon</translation>
    </message>
    <message>
        <source>not checked yet</source>
        <translation>pas encore vérifié</translation>
    </message>
    <message>
        <source>Stopped by the user</source>
        <translation>Arrêté par l&apos;utilisateur</translation>
    </message>
    <message>
        <source>Add volumes or choose a folder, then check the volumes.</source>
        <translation>Ajoutez des volumes ou choisissez un dossier, puis vérifiez les volumes.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Check volumes</source>
        <translation>Vérifier les volumes</translation>
    </message>
    <message>
        <source>High-field volumes</source>
        <translation>Volumes à haut champ</translation>
    </message>
    <message>
        <source>Prepared volumes</source>
        <translation>Volumes préparés</translation>
    </message>
    <message>
        <source>Check more volumes, or make the shares 0.</source>
        <translation>Vérifiez davantage de volumes, ou mettez les parts à 0.</translation>
    </message>
    <message>
        <source>Train: {people}. Validate: {validate}. Test: {test}.</source>
        <translation>Entraînement : {people}. Validation : {validate}. Test : {test}.</translation>
    </message>
    <message>
        <source>, about {left} left</source>
        <translation>, encore {left} environ</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Following</name>
    <message>
        <source>Warning: {message}</source>
        <translation>Avertissement : {message}</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Help</name>
    <message>
        <source>
&lt;p&gt;&lt;b&gt;IQT Training&lt;/b&gt; trains models on your own high-field volumes. It simulates low-field scans of them (thick
slices, the contrast and the noise of a low-field scanner), so no pairs of scans are needed.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Steps.&lt;/b&gt; &lt;i&gt;Data&lt;/i&gt;: add volumes or choose a folder, press &lt;i&gt;Check volumes&lt;/i&gt;. &lt;i&gt;Simulate&lt;/i&gt;: look at a
&lt;i&gt;Preview&lt;/i&gt;; the defaults are the published ones. &lt;i&gt;Train&lt;/i&gt;: give a name, press &lt;i&gt;Train&lt;/i&gt;. &lt;i&gt;Jobs&lt;/i&gt; shows
the progress; the finished model appears in the list of &lt;i&gt;IQT Enhance&lt;/i&gt;.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Subjects.&lt;/b&gt; All volumes of a subject belong to the same split: training, validation (to choose the best state
of a network) or test (of the finished model). You need at least two subjects; thirty are better.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Jobs&lt;/b&gt; are separate processes. If you wish, they continue when Slicer closes, and appear again at its next
start. A job that was stopped or killed, or ran out of disk space, can be resumed.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Limits.&lt;/b&gt; A model suits the scanners and subjects it was trained on; on others it can be worse than
interpolation. For research, not for diagnosis.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Please cite&lt;/b&gt; Eldaly AK, Figini M, Alexander DC. &lt;i&gt;Alternative Learning Paradigms for Image Quality
Transfer.&lt;/i&gt; Machine Learning for Biomedical Imaging 2024:027, and for the simulator Lin H et al., Medical Image
Analysis 2023.&lt;/p&gt;
</source>
        <translation>
&lt;p&gt;&lt;b&gt;IQT Training&lt;/b&gt; entraîne des modèles sur vos propres volumes à haut champ. Il en simule des images à bas champ
(coupes épaisses, contraste et bruit d&apos;un appareil à bas champ), si bien qu&apos;aucune paire d&apos;images n&apos;est nécessaire.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Étapes.&lt;/b&gt; &lt;i&gt;Données&lt;/i&gt; : ajoutez des volumes ou choisissez un dossier, appuyez sur &lt;i&gt;Vérifier les
volumes&lt;/i&gt;. &lt;i&gt;Simuler&lt;/i&gt; : regardez un &lt;i&gt;Aperçu&lt;/i&gt; ; les valeurs par défaut sont celles qui ont été publiées.
&lt;i&gt;Entraîner&lt;/i&gt; : donnez un nom, appuyez sur &lt;i&gt;Entraîner&lt;/i&gt;. &lt;i&gt;Tâches&lt;/i&gt; montre la progression ; le modèle terminé
apparaît dans la liste d&apos;&lt;i&gt;IQT Enhance&lt;/i&gt;.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Sujets.&lt;/b&gt; Tous les volumes d&apos;un sujet vont dans la même part : entraînement, validation (pour choisir le meilleur
état d&apos;un réseau) ou test (du modèle terminé). Il faut au moins deux sujets ; trente valent mieux.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Les tâches&lt;/b&gt; sont des processus séparés. Si vous le souhaitez, elles continuent quand Slicer se ferme et
réapparaissent à son prochain démarrage. Une tâche arrêtée ou tuée, ou à court d&apos;espace disque, peut être reprise.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Limites.&lt;/b&gt; Un modèle convient aux appareils et aux sujets de son entraînement ; sur d&apos;autres, il peut faire moins
bien que l&apos;interpolation. Pour la recherche, pas pour le diagnostic.&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Merci de citer&lt;/b&gt; Eldaly AK, Figini M, Alexander DC. &lt;i&gt;Alternative Learning Paradigms for Image Quality
Transfer.&lt;/i&gt; Machine Learning for Biomedical Imaging 2024:027, et pour le simulateur Lin H et al., Medical Image
Analysis 2023.&lt;/p&gt;
</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.JobWords</name>
    <message>
        <source>validation NRMSE {nrmse:.3f} ({ratio:.2f} times that of interpolation), SSIM {ssim:.3f}</source>
        <translation>NRMSE de validation {nrmse:.3f} ({ratio:.2f} fois celle de l&apos;interpolation), SSIM {ssim:.3f}</translation>
    </message>
    <message>
        <source>Listed in IQT Enhance.</source>
        <translation>Listé dans IQT Enhance.</translation>
    </message>
    <message>
        <source>IQT Enhance lists only models in its own folder.</source>
        <translation>IQT Enhance ne liste que les modèles de son propre dossier.</translation>
    </message>
    <message>
        <source>Then press Resume.</source>
        <translation>Appuyez ensuite sur Reprendre.</translation>
    </message>
    <message>
        <source>Read the log, then press Resume.</source>
        <translation>Lisez le journal, puis appuyez sur Reprendre.</translation>
    </message>
    <message>
        <source>Resume starts over: dictionaries have no checkpoints.</source>
        <translation>Reprendre recommence du début : les dictionnaires n&apos;ont pas de points de reprise.</translation>
    </message>
    <message>
        <source>Resume continues it.</source>
        <translation>Reprendre la continue.</translation>
    </message>
    <message>
        <source> at {done} of {total}</source>
        <translation> à {done} sur {total}</translation>
    </message>
    <message>
        <source>Stopped{done}. {again}</source>
        <translation>Arrêtée{done}. {again}</translation>
    </message>
    <message>
        <source>Done in {time}</source>
        <translation>Terminée en {time}</translation>
    </message>
    <message>
        <source>waiting for {device}</source>
        <translation>en attente de {device}</translation>
    </message>
    <message>
        <source>about {left} left</source>
        <translation>encore {left} environ</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.JobsPanel</name>
    <message>
        <source>Job</source>
        <translation>Tâche</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Quoi</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progression</translation>
    </message>
    <message>
        <source>Choose a job.</source>
        <translation>Choisissez une tâche.</translation>
    </message>
    <message>
        <source>No job yet.</source>
        <translation>Aucune tâche pour l&apos;instant.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuer</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Force stop</source>
        <translation>Forcer l&apos;arrêt</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>{name} test</source>
        <translation>{name} test</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Logic</name>
    <message>
        <source>Restart Slicer, press Train and agree to install it (it is GPL-3), or train a network.</source>
        <translation>Redémarrez Slicer, appuyez sur Entraîner et acceptez de l&apos;installer (sous GPL-3), ou entraînez un réseau.</translation>
    </message>
    <message>
        <source>Type slicer.util.pip_install(&apos;sporco&apos;) in the Python console, then press Train again.</source>
        <translation>Saisissez slicer.util.pip_install(&apos;sporco&apos;) dans la console Python, puis pressez de nouveau Entraîner.</translation>
    </message>
    <message>
        <source>See IQTTrainingLogic().jobs().</source>
        <translation>Voir IQTTrainingLogic().jobs().</translation>
    </message>
    <message>
        <source>Wait for it, or stop it first.</source>
        <translation>Attendez sa fin, ou arrêtez-la d&apos;abord.</translation>
    </message>
    <message>
        <source>Leave it out, or correct it.</source>
        <translation>Omettez-le, ou corrigez-le.</translation>
    </message>
    <message>
        <source>Choose another name or folder, or wait.</source>
        <translation>Choisissez un autre nom ou un autre dossier, ou attendez.</translation>
    </message>
    <message>
        <source>Check the installation of Slicer, and whether the disk is full.</source>
        <translation>Vérifiez l&apos;installation de Slicer, et si le disque est plein.</translation>
    </message>
    <message>
        <source>Learning dictionaries needs the package {name}</source>
        <translation>L&apos;apprentissage de dictionnaires requiert le paquet {name}</translation>
    </message>
    <message>
        <source>See its log; it can be resumed.</source>
        <translation>Voir son journal ; elle peut être reprise.</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Parameters</name>
    <message>
        <source>T2w (with tissue labels)</source>
        <translation>T2w (avec étiquettes de tissus)</translation>
    </message>
    <message>
        <source>Gaussian (published)</source>
        <translation>Gaussien (publié)</translation>
    </message>
    <message>
        <source>Rician</source>
        <translation>Ricien</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>Petite</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>Moyenne</translation>
    </message>
    <message>
        <source>Large</source>
        <translation>Grande</translation>
    </message>
    <message>
        <source>As the recipe has it</source>
        <translation>Selon la recette</translation>
    </message>
    <message>
        <source>Quick look</source>
        <translation>Coup d&apos;œil</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>The paper&apos;s sizes</source>
        <translation>Tailles de l&apos;article</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Plan</name>
    <message>
        <source>edge of the patches in voxels: 3, 5 or 7</source>
        <translation>côté des patchs en voxels : 3, 5 ou 7</translation>
    </message>
    <message>
        <source>size of the dictionary, 16 to 4096</source>
        <translation>taille du dictionnaire, de 16 à 4096</translation>
    </message>
    <message>
        <source>number of training patches</source>
        <translation>nombre de patchs d&apos;entraînement</translation>
    </message>
    <message>
        <source>seed of every random draw</source>
        <translation>graine de tous les tirages aléatoires</translation>
    </message>
    <message>
        <source>number of optimiser steps</source>
        <translation>nombre de pas de l&apos;optimiseur</translation>
    </message>
    <message>
        <source>patches per step; a multiple of the subjects per step</source>
        <translation>patchs par pas ; un multiple des sujets par pas</translation>
    </message>
    <message>
        <source>subjects per step</source>
        <translation>sujets par pas</translation>
    </message>
    <message>
        <source>initial learning rate</source>
        <translation>taux d&apos;apprentissage initial</translation>
    </message>
    <message>
        <source>steps between validations</source>
        <translation>pas entre deux validations</translation>
    </message>
    <message>
        <source>steps between checkpoints: all that an interruption can lose</source>
        <translation>pas entre deux points de reprise : tout ce qu&apos;une interruption peut faire perdre</translation>
    </message>
    <message>
        <source>stop after this many validations without improvement; 0 means never</source>
        <translation>arrêter après autant de validations sans amélioration ; 0 signifie jamais</translation>
    </message>
    <message>
        <source>edge of the training patches in voxels</source>
        <translation>côté des patchs d&apos;entraînement en voxels</translation>
    </message>
    <message>
        <source>scanner (the estimate keeps the scan&apos;s units) or free</source>
        <translation>scanner (l&apos;estimation garde les unités de l&apos;image) ou free</translation>
    </message>
    <message>
        <source>copies of each subject with the contrast of other scanners</source>
        <translation>copies de chaque sujet avec le contraste d&apos;autres appareils</translation>
    </message>
    <message>
        <source>dark and bright blobs added to each subject, so that lesions are preserved</source>
        <translation>taches sombres et claires ajoutées à chaque sujet, pour que les lésions soient préservées</translation>
    </message>
    <message>
        <source>the contrast to be made, as files name it: T2w, FLAIR, T1w</source>
        <translation>le contraste à produire, tel que les fichiers le nomment : T2w, FLAIR, T1w</translation>
    </message>
    <message>
        <source>folder of mid-slices of that contrast without partner, if there is one</source>
        <translation>dossier de coupes médianes de ce contraste sans partenaire, s&apos;il y en a un</translation>
    </message>
    <message>
        <source>slices of each subject with both contrasts</source>
        <translation>coupes de chaque sujet ayant les deux contrastes</translation>
    </message>
    <message>
        <source>slices of each subject with the first contrast only</source>
        <translation>coupes de chaque sujet n&apos;ayant que le premier contraste</translation>
    </message>
    <message>
        <source>how many times finer the result is in axial slices</source>
        <translation>de combien de fois le résultat est plus fin dans les coupes axiales</translation>
    </message>
    <message>
        <source>number of filters</source>
        <translation>nombre de filtres</translation>
    </message>
    <message>
        <source>{method} does not support factor {factor}</source>
        <translation>{method} ne prend pas en charge le facteur {factor}</translation>
    </message>
    <message>
        <source>Choose thickness + gap of {some} or {last}.</source>
        <translation>Choisissez épaisseur + espace égal à {some} ou {last}.</translation>
    </message>
    <message>
        <source>What this training takes is not estimated</source>
        <translation>Le coût de cet entraînement n&apos;est pas estimé</translation>
    </message>
    <message>
        <source>It takes minutes.</source>
        <translation>Il dure quelques minutes.</translation>
    </message>
    <message>
        <source>Train it from scratch: it takes minutes.</source>
        <translation>Entraînez-le à partir de zéro : cela prend quelques minutes.</translation>
    </message>
    <message>
        <source>Write a recipe file instead.</source>
        <translation>Écrivez plutôt un fichier de recette.</translation>
    </message>
    <message>
        <source>Correct it in the Simulate section.</source>
        <translation>Corrigez-le dans la section Simuler.</translation>
    </message>
    <message>
        <source>There is no method &apos;{name}&apos;</source>
        <translation>Il n&apos;y a pas de méthode « {name} »</translation>
    </message>
    <message>
        <source>There is no size &apos;{name}&apos;</source>
        <translation>Il n&apos;y a pas de taille « {name} »</translation>
    </message>
    <message>
        <source>{method} cannot be fine-tuned</source>
        <translation>{method} ne peut pas être affiné</translation>
    </message>
    <message>
        <source>{names} cannot be set here</source>
        <translation>{names} ne peut pas être réglé ici</translation>
    </message>
    <message>
        <source>Choose one of {names}.</source>
        <translation>Choisissez parmi {names}.</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Scans</name>
    <message>
        <source>Rename one of them: names identify subjects.</source>
        <translation>Renommez l&apos;un d&apos;eux : les noms identifient les sujets.</translation>
    </message>
    <message>
        <source>Tissue labels are 0 none, 1 CSF, 2 grey, 3 white matter.</source>
        <translation>Les étiquettes de tissus sont 0 aucun, 1 LCR, 2 substance grise, 3 substance blanche.</translation>
    </message>
    <message>
        <source>Name its segments CSF, grey matter and white matter.</source>
        <translation>Nommez ses segments CSF, grey matter et white matter.</translation>
    </message>
    <message>
        <source>Two volumes are called {name}</source>
        <translation>Deux volumes s&apos;appellent {name}</translation>
    </message>
    <message>
        <source>{name} holds the label {label:g}</source>
        <translation>{name} contient l&apos;étiquette {label:g}</translation>
    </message>
    <message>
        <source>{segmentation} cannot be put on {volume}</source>
        <translation>{segmentation} ne peut pas être ramenée sur {volume}</translation>
    </message>
    <message>
        <source>{name} has no segments of grey and white matter</source>
        <translation>{name} n&apos;a pas de segments de substance grise et de substance blanche</translation>
    </message>
    <message>
        <source>Check its geometry.</source>
        <translation>Vérifiez sa géométrie.</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.SimulatePanel</name>
    <message>
        <source>IQT SNR distribution</source>
        <translation>IQT distribution du RSB</translation>
    </message>
    <message>
        <source>Own numbers</source>
        <translation>Valeurs personnelles</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Simulating...</source>
        <translation>Simulation...</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Aperçu</translation>
    </message>
    <message>
        <source>asked for</source>
        <translation>demandé</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>mesuré</translation>
    </message>
    <message>
        <source>IQT preview SNR</source>
        <translation>IQT RSB de l&apos;aperçu</translation>
    </message>
    <message>
        <source>Check volumes first.</source>
        <translation>Vérifiez d&apos;abord les volumes.</translation>
    </message>
    <message>
        <source>High field</source>
        <translation>Haut champ</translation>
    </message>
    <message>
        <source>Low field, simulated</source>
        <translation>Bas champ, simulé</translation>
    </message>
    <message>
        <source>Stopped by the user</source>
        <translation>Arrêté par l&apos;utilisateur</translation>
    </message>
    <message>
        <source>white matter</source>
        <translation>substance blanche</translation>
    </message>
    <message>
        <source>grey matter</source>
        <translation>substance grise</translation>
    </message>
    <message>
        <source>Pairs</source>
        <translation>Paires</translation>
    </message>
    <message>
        <source>factor {factor}</source>
        <translation>facteur {factor}</translation>
    </message>
    <message>
        <source>{name}: SNR of white / grey matter {white:.0f} / {grey:.0f}, requested {a:.0f} / {b:.0f}.</source>
        <translation>{name} : RSB substance blanche / grise {white:.0f} / {grey:.0f}, demandé {a:.0f} / {b:.0f}.</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.TrainPanel</name>
    <message>
        <source>A model or an unfinished training run called {name} already exists. Replace it?</source>
        <translation>Un modèle ou un entraînement inachevé nommé {name} existe déjà. Le remplacer ?</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Timing a few steps...</source>
        <translation>Chronométrage de quelques pas...</translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation>Estimer</translation>
    </message>
    <message>
        <source>The model has no name</source>
        <translation>Le modèle n&apos;a pas de nom</translation>
    </message>
    <message>
        <source>Enter one in the Train section.</source>
        <translation>Donnez-en un dans la section Entraîner.</translation>
    </message>
    <message>
        <source>The model&apos;s name is not a valid folder name</source>
        <translation>Le nom du modèle n&apos;est pas un nom de dossier valable</translation>
    </message>
    <message>
        <source>Use letters, digits, - and _.</source>
        <translation>Utilisez des lettres, des chiffres, - et _.</translation>
    </message>
    <message>
        <source>This method learns from a folder with two contrasts, such as sub-01_T1w and sub-01_T2w</source>
        <translation>Cette méthode apprend d&apos;un dossier contenant deux contrastes, comme sub-01_T1w et sub-01_T2w</translation>
    </message>
    <message>
        <source>Choose it in the Data section; its volumes need no check.</source>
        <translation>Choisissez-le dans la section Données ; ses volumes n&apos;ont pas besoin d’être vérifiés.</translation>
    </message>
    <message>
        <source>Start; you can use Slicer meanwhile.</source>
        <translation>Démarrer ; vous pouvez utiliser Slicer entre-temps.</translation>
    </message>
    <message>
        <source>Stopped by the user</source>
        <translation>Arrêté par l&apos;utilisateur</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Choisissez un autre nom.</translation>
    </message>
    <message>
        <source>None: train from scratch</source>
        <translation>Aucun : entraîner à partir de zéro</translation>
    </message>
    <message>
        <source>Folder of the model</source>
        <translation>Dossier du modèle</translation>
    </message>
    <message>
        <source>Copied: {line}</source>
        <translation>Copié : {line}</translation>
    </message>
    <message>
        <source>as in the recipe</source>
        <translation>selon la recette</translation>
    </message>
    <message>
        <source>{name} already exists</source>
        <translation>{name} existe déjà</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.TrainingWords</name>
    <message>
        <source>starting</source>
        <translation>démarrage</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>en attente</translation>
    </message>
    <message>
        <source>running</source>
        <translation>en cours</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>en pause</translation>
    </message>
    <message>
        <source>done</source>
        <translation>terminé</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échoué</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>arrêté</translation>
    </message>
    <message>
        <source>training</source>
        <translation>entraînement</translation>
    </message>
    <message>
        <source>simulation</source>
        <translation>simulation</translation>
    </message>
    <message>
        <source>maps</source>
        <translation>cartes</translation>
    </message>
    <message>
        <source>labels</source>
        <translation>étiquettes</translation>
    </message>
    <message>
        <source>estimated</source>
        <translation>estimés</translation>
    </message>
    <message>
        <source>Finished parts are kept.</source>
        <translation>Les parties terminées sont gardées.</translation>
    </message>
    <message>
        <source>Correct it in the Data, Simulate or Train section, then start again.</source>
        <translation>Corrigez-le dans la section Données, Simuler ou Entraîner, puis recommencez.</translation>
    </message>
    <message>
        <source>Choose another model to fine-tune, or train from scratch.</source>
        <translation>Choisissez un autre modèle à affiner, ou entraînez à partir de zéro.</translation>
    </message>
    <message>
        <source>Free disk space, or choose another folder.</source>
        <translation>Libérez de la place sur le disque, ou choisissez un autre dossier.</translation>
    </message>
    <message>
        <source>No brain of plausible size was found</source>
        <translation>Aucun cerveau de taille plausible n&apos;a été trouvé</translation>
    </message>
    <message>
        <source>Choose its tissues in the Data section, or exclude the volume.</source>
        <translation>Choisissez ses tissus dans la section Données, ou excluez le volume.</translation>
    </message>
    <message>
        <source>The package that finds the brain (deepbet) is missing or damaged</source>
        <translation>Le paquet qui trouve le cerveau (deepbet) manque ou est endommagé</translation>
    </message>
    <message>
        <source>Press the button again to install it, or choose the volumes&apos; tissues in the Data section.</source>
        <translation>Appuyez de nouveau sur le bouton pour l&apos;installer, ou choisissez les tissus des volumes dans la section Données.</translation>
    </message>
    <message>
        <source>The selected GPU is not available</source>
        <translation>Le GPU sélectionné n&apos;est pas disponible</translation>
    </message>
    <message>
        <source>Choose Automatic or Processor as the device in the Train section.</source>
        <translation>Choisissez Automatique ou Processeur central pour le calcul dans la section Entraîner.</translation>
    </message>
    <message>
        <source>The computer ran out of memory</source>
        <translation>La mémoire de l&apos;ordinateur est épuisée</translation>
    </message>
    <message>
        <source>Close other programs, or choose a smaller size, batch or patch in the Train section.</source>
        <translation>Fermez d&apos;autres programmes, ou choisissez une taille, un lot ou un patch plus petits dans la section Entraîner.</translation>
    </message>
    <message>
        <source>A value cannot be used</source>
        <translation>Une valeur ne peut pas être utilisée</translation>
    </message>
    <message>
        <source>Correct it in the advanced values of the Train section: the log names it.</source>
        <translation>Corrigez-la dans les valeurs avancées de la section Entraîner : le journal la nomme.</translation>
    </message>
    <message>
        <source>Correct it in the advanced values of the Train section.</source>
        <translation>Corrigez-le dans les valeurs avancées de la section Entraîner.</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Widget</name>
    <message>
        <source>{job}: {state}</source>
        <translation>{job} : {state}</translation>
    </message>
</context>
<context>
    <name>IQTTrainingLib.Work</name>
    <message>
        <source> ({size} on the GPU)</source>
        <translation> ({size} sur le GPU)</translation>
    </message>
    <message>
        <source>About {time}, {memory} of memory{graphics}, {disk} of disk.{lacking}</source>
        <translation>Environ {time}, {memory} de mémoire{graphics}, {disk} de disque.{lacking}</translation>
    </message>
    <message>
        <source>There are no volumes</source>
        <translation>Il n&apos;y a pas de volumes</translation>
    </message>
    <message>
        <source>Add volumes of the scene, or choose a folder.</source>
        <translation>Ajoutez des volumes de la scène, ou choisissez un dossier.</translation>
    </message>
    <message>
        <source>cannot write {path} ({error})</source>
        <translation>impossible d&apos;écrire {path} ({error})</translation>
    </message>
    <message>
        <source> Only {size} of disk space is free.</source>
        <translation> Seulement {size} d&apos;espace disque sont libres.</translation>
    </message>
    <message>
        <source>Free disk space, or choose another training folder.</source>
        <translation>Libérez de la place sur le disque, ou choisissez un autre dossier d&apos;entraînement.</translation>
    </message>
    <message>
        <source>{name} low field</source>
        <translation>{name} bas champ</translation>
    </message>
</context>
</TS>
